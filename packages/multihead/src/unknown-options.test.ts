/** @file Every public function that takes options refuses those that there are not, and names the likely one. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as data from './exports/data.js';
import * as generation from './exports/generation.js';
import * as metrics from './exports/metrics.js';
import * as models from './exports/models.js';
import * as nn from './exports/nn.js';
import * as searching from './exports/search.js';
import * as server from './exports/server.js';
import * as tensors from './exports/tensor.js';
import * as text from './exports/text.js';
import * as training from './exports/training.js';
import * as vectors from './exports/vectors.js';
import * as everyday from './index.js';
import { runReport, searchPage } from './report/index.js';
import { toyConfig, toyFolder } from './testing/toy.js';

const m = {
  ...everyday,
  ...data,
  ...generation,
  ...metrics,
  ...models,
  ...nn,
  ...server,
  ...tensors,
  ...text,
  ...training,
  ...searching,
  ...vectors,
};
const config = m.BertConfig.fromJson(toyConfig, 'toy');
const bert = m.BertForSequenceClassification.fromConfig(config);
const tokenizer = await m.AutoTokenizer.fromPretrained(toyFolder());
const task = new m.CausalLanguageModeling();
const labels = ['no', 'yes'];
const tokens = m.tokensInMemory([[1, 2, 3]]);
const source = m.listSource([]);
const sums = m.tensor([[1, 2]]);
const embedding = new m.Embedding(4, 8);
const report = m.classificationReport(['a'], ['a'], ['a']);
const sizes = { hiddenSize: 8, heads: 2 };
const vector = { dtype: 'float32', data: Float32Array.of(1, 2), shape: [1, 2] } as const;
const step = m.TrainingStep.prototype;
const study = await m.openStudy({});
const oneTrial = (objective: (trial: searching.Trial) => number) => m.search({ objective, trials: 1 });
const pipelineOf = m.pipeline as (...given: readonly unknown[]) => unknown;

/** The function as the message names it, the exported type of its options, one of them, and the call. */
type Row = readonly [of: string, types: string, option: string, call: (options: never) => unknown];

const rows: readonly Row[] = [
  ['createServer', 'ServerOptions', 'limits', (o) => m.createServer(o)],
  ['limits', 'RequestLimits', 'bodyBytes', (limits) => m.createServer({ models: {}, limits })],
  ['createServer', 'ModelOptions', 'workers', (o) => m.createServer(o)],
  ['batching', 'ModelBatchOptions', 'maxRows', (batching) => m.createServer({ models: {}, batching })],
  ['apiKeys', 'ApiKeyOptions', 'file', (apiKeys) => m.createServer({ models: {}, apiKeys })],
  ['timeouts', 'ConnectionTimeouts', 'idle', (timeouts) => m.listen(async () => new Response(), { timeouts })],
  ['listen', 'ListenOptions', 'port', (o) => m.listen(async () => new Response(), o)],
  ['exportModel', 'ExportOptions', 'dtypes', (o) => m.exportModel('none', o)],
  ['quantize', 'QuantizeOptions', 'dtype', (o) => m.quantize(bert, o)],
  ['exportedOutputs', 'ExportedOutputsOptions', 'attentions', (o) => bert.exportedOutputs(o)],
  [
    'readClassificationExamples',
    'ClassificationFileOptions',
    'labelSeparator',
    (o) => m.readClassificationExamples('none', o),
  ],
  ['readClassificationData', 'ClassificationFileOptions', 'requireLabels', (o) => m.readClassificationData('none', o)],
  [
    'readClassificationExamples, columns',
    'ClassificationColumnOptions',
    'textPair',
    (columns) => m.readClassificationExamples('none', { columns }),
  ],
  ['openClassificationStream', 'ClassificationStreamOptions', 'heldOut', (o) => m.openClassificationStream('none', o)],
  [
    'openClassificationStream, columns',
    'ClassificationColumnOptions',
    'label',
    (columns) => m.openClassificationStream('none', { columns }),
  ],
  ['heldOut', 'HeldOut', 'share', (heldOut) => m.openClassificationStream('none', { heldOut })],
  [
    'readQuestionAnsweringExamples',
    'QuestionAnsweringFileOptions',
    'requireAnswers',
    (o) => m.readQuestionAnsweringExamples('none', o),
  ],
  [
    'readQuestionAnsweringExamples, columns',
    'QuestionColumnOptions',
    'context',
    (columns) => m.readQuestionAnsweringExamples('none', { columns }),
  ],
  [
    'openQuestionAnsweringStream',
    'QuestionAnsweringStreamOptions',
    'heldOut',
    (o) => m.openQuestionAnsweringStream('none', o),
  ],
  [
    'openQuestionAnsweringStream, columns',
    'QuestionColumnOptions',
    'question',
    (columns) => m.openQuestionAnsweringStream('none', { columns }),
  ],
  [
    'readTokenClassificationExamples',
    'TokenClassificationFileOptions',
    'tagNames',
    (o) => m.readTokenClassificationExamples('none', o),
  ],
  [
    'readTokenClassificationData, columns',
    'TokenColumnOptions',
    'tokens',
    (columns) => m.readTokenClassificationData('none', { columns }),
  ],
  [
    'openTokenClassificationStream',
    'TokenClassificationStreamOptions',
    'heldOut',
    (o) => m.openTokenClassificationStream('none', o),
  ],
  [
    'TokenClassification',
    'TokenClassificationOptions',
    'labelAllTokens',
    (o) => new m.TokenClassification(Object.assign({ tokenizer, labels }, o)),
  ],
  ['readSquad', 'SquadOptions', 'onBadRow', (o) => m.readSquad('none', o)],
  ['splitExamples', 'SplitSettings', 'stratum', (o) => m.splitExamples([1, 2], o)],
  ['readCorpus', 'CorpusOptions', 'textField', (o) => m.readCorpus('none', o).next()],
  ['openCorpus', 'OpenCorpusOptions', 'heldInMemory', (o) => m.openCorpus('none', o)],
  ['packedBlocks', 'PackingOptions', 'separatorId', (o) => m.packedBlocks(tokens, o)],
  ['lineBlocks', '', 'size', (o) => m.lineBlocks(tokens, o)],
  ['sentencePairBlocks', 'SentencePairOptions', 'shortShare', (o) => m.sentencePairBlocks(tokens, o)],
  ['tokenizeCorpus', 'TokenizeCorpusOptions', 'validationShare', (o) => m.tokenizeCorpus(o)],
  ['trainTokenizer', 'TokenizerTrainingOptions', 'vocabSize', (o) => m.trainTokenizer(o)],
  ['AutoTokenizer.fromPretrained', 'ResolveOptions', 'cacheDir', (o) => m.AutoTokenizer.fromPretrained('none', o)],
  ['AutoConfig.fromPretrained', 'ResolveOptions', 'localFilesOnly', (o) => m.AutoConfig.fromPretrained('none', o)],
  [
    'AutoModelForCausalLM.fromPretrained',
    'FromPretrainedOptions',
    'cacheDir',
    (o) => m.AutoModelForCausalLM.fromPretrained('none', o),
  ],
  ['BertModel.fromPretrained', 'FromPretrainedOptions', 'config', (o) => m.BertModel.fromPretrained('none', o)],
  [
    'GPT2LMHeadModel.fromPretrained',
    'FromPretrainedOptions',
    'revision',
    (o) => m.GPT2LMHeadModel.fromPretrained('none', o),
  ],
  ['config', 'AdaptedConfig', 'numLabels', (o) => m.BertConfig.replace(config, o)],
  ['config', 'AdaptedConfig', 'numLabels', (o) => m.BertForSequenceClassification.adapt(config, o)],
  [
    'config',
    'ModelConfig',
    'ropeTheta',
    (o) => m.LlamaConfig.replace(m.LlamaConfig.fromJson({ model_type: 'llama' }, 'a'), o),
  ],
  [
    'config',
    'ModelConfig',
    'nInner',
    (o) => m.GPT2Config.replace(m.GPT2Config.fromJson({ model_type: 'gpt2' }, 'a'), o),
  ],
  ['BertConfig', 'ConfigOptions', 'hiddenSize', (o) => new m.BertConfig(o)],
  ['LlamaConfig', 'ConfigOptions', 'ropeTheta', (o) => new m.LlamaConfig(o)],
  ['BertModel.fromConfig', 'FromConfigOptions', 'seed', (o) => m.BertModel.fromConfig(config, o)],
  ['BertModel.fromConfig', 'FromConfigOptions', 'seed', (o) => m.AutoModel.fromConfig(config, o)],
  ['BertConfig.fromPretrained', 'ResolveOptions', 'cacheDir', (o) => m.BertConfig.fromPretrained('none', o)],
  ['BertModel', '', 'pooler', (o) => new m.BertModel(config, o)],
  ['savePretrained', 'SaveOptions', 'dtype', (o) => bert.savePretrained('none', o)],
  ['files', 'SaveOptions', 'dtype', (o) => bert.files(o)],
  ['saveWeights', 'SaveOptions', 'dtype', (o) => bert.saveWeights('none', o)],
  ['lora', 'LoraSettings', 'targetModules', (o) => bert.adapters.add('x', o)],
  ['adapters.add', 'AdapterOptions', 'seed', (o) => bert.adapters.add('x', {}, o)],
  ['predict', 'PredictOptions', 'outputAttentions', (o) => bert.predict({ inputIds: [[1]] }, o)],
  ['predict', 'ModelBatch', 'tokenTypeIds', (o) => bert.predict(o)],
  ['tokenizer', 'BatchOptions', 'maxLength', (o) => tokenizer('a', o)],
  ['decode', 'DecodeOptions', 'skipSpecialTokens', (o) => tokenizer.decode([1], o)],
  ['applyChatTemplate', 'ChatPromptOptions', 'tools', (o) => tokenizer.applyChatTemplate([], o)],
  ['applyChatTemplate', 'ChatTemplateOptions', 'tokenize', (o) => tokenizer.applyChatTemplate([], o)],
  ['convertGguf', 'ConvertGgufOptions', 'dtype', (o) => m.convertGguf('none', 'none', o)],
  ['encode', 'EncodeOptions', 'maxLength', (o) => tokenizer.encode('a', o)],
  ['encode', 'EncodeOptions', 'addSpecialTokens', (o) => tokenizer.encodeBatch(['a'], o)],
  ['encodeWindows', 'WindowOptions', 'maxLength', (o) => tokenizer.encodeWindows(['a'], o)],
  ['encodeWords', 'WindowOptions', 'stride', (o) => tokenizer.encodeWords([['a']], o)],
  ["pipeline('fill-mask')", 'PipelineOptions', 'batchSize', (o) => pipelineOf('fill-mask', 'none', o)],
  ['generate', 'GenerationOptions', 'maxNewTokens', (o) => m.generate(bert as never, [[1]], o)],
  ['perplexity', 'PerplexityOptions', 'maxLength', (o) => m.perplexity(bert as never, tokenizer, 'a', o)],
  ['entitiesOf', 'EntityOptions', 'scheme', (o) => m.entitiesOf(['O'], o)],
  ['entityReport', 'EntityReportOptions', 'zeroDivision', (o) => m.entityReport([['O']], [['O']], o)],
  ['formatEntityReport', '', 'digits', (o) => m.formatEntityReport(m.entityReport([['O']], [['O']]), o)],
  ['formatClassificationReport', '', 'digits', (o) => m.formatClassificationReport(report, o)],
  ['formatThresholds', '', 'digits', (o) => m.formatThresholds(['a'], [{ threshold: 0.5, f1: 1 }], o)],
  ['pairedBootstrap', 'PairedBootstrapOptions', 'resamples', (o) => m.pairedBootstrap([0, 1], [1, 1], o)],
  [
    'predictExamples',
    'PredictExamplesOptions',
    'batchSize',
    (o) => m.predictExamples(bert, new m.TextClassification({ tokenizer, labels }), [], o),
  ],
  [
    'evaluateExamples',
    'PredictExamplesOptions',
    'onProgress',
    (o) => m.evaluateExamples(bert, new m.TextClassification({ tokenizer, labels }), [], o),
  ],
  ['evaluateLanguageModel', '', 'batchSize', (o) => m.evaluateLanguageModel(bert, task, [], o)],
  [
    'readSimilarityExamples',
    'SimilarityFileOptions TableFileOptions',
    'quotes',
    (o) => m.readSimilarityExamples('none', o),
  ],
  [
    'readSimilarityExamples, columns',
    'SimilarityColumnOptions',
    'texts',
    (columns) => m.readSimilarityExamples('none', { columns }),
  ],
  ['openSimilarityStream', 'SimilarityStreamOptions', 'heldOut', (o) => m.openSimilarityStream('none', o)],
  ['SentenceSimilarity', 'SentenceSimilarityOptions', 'queryPrompt', (o) => new m.SentenceSimilarity(o)],
  ['TextClassification', 'TextClassificationOptions', 'labelSmoothing', (o) => new m.TextClassification(o)],
  ['FewShotClassification', 'FewShotClassificationOptions', 'pairsPerText', (o) => new m.FewShotClassification(o)],
  ['linearProbe', 'LinearProbeOptions', 'inverseStrength', (o) => m.linearProbe({} as never, {} as never, [], o)],
  ['classificationTask', 'TextClassificationOptions', 'maxLength', (o) => m.classificationTask(config, o)],
  ['QuestionAnswering', 'QuestionAnsweringOptions', 'stride', (o) => new m.QuestionAnswering(o)],
  [
    'QuestionAnswering',
    'QuestionAnsweringOptions',
    'maxAnswerLength',
    (o) => new m.QuestionAnswering({ tokenizer }).with(o),
  ],
  ['MaskedLanguageModeling', 'MaskedLanguageModelingOptions', 'mlmProbability', (o) => new m.MaskedLanguageModeling(o)],
  ['DistilledLanguageModeling', 'DistillationOptions', 'teacherWeight', (o) => new m.DistilledLanguageModeling(o)],
  [
    'NextSentencePrediction',
    'MaskedLanguageModelingOptions',
    'wholeWordMasking',
    (o) => new m.NextSentencePrediction(o),
  ],
  ['corpusSource', 'CorpusBlockOptions', 'blockSize', (o) => m.corpusSource(tokens, task, o)],
  ['sentencePairSource', '', 'blockSize', (o) => m.sentencePairSource(tokens, task as never, o)],
  ['corpusEvaluator', 'CorpusBlockOptions', 'lineByLine', (o) => m.corpusEvaluator(bert, task, tokens, o)],
  ['sourceEvaluator', 'EvaluatorOptions', 'maxBlocks', (o) => m.sourceEvaluator(bert, task, source, o)],
  ['Trainer', 'TrainingOptions', 'learningRate', (o) => new m.Trainer(o)],
  ['Trainer', 'RunInputs TrainerInputs SourceInputs', 'onEvent', (o) => new m.Trainer(o)],
  ['search', 'SearchOptions', 'objective', (o) => m.search(o)],
  ['openStudy', 'StudyOptions', 'storage', (o) => m.openStudy(o)],
  ['openStorage', 'StorageOptions', 'expireAfter', (o) => m.openStorage('search.journal', o)],
  ['optimize', 'OptimizeOptions', 'keepGoing', (o) => study.optimize(() => 1, o)],
  ['suggestFloat', 'SuggestOptions', 'step', (o) => oneTrial((trial) => trial.suggestFloat('x', 0, 1, o))],
  ['suggestInt', 'SuggestOptions', 'step', (o) => oneTrial((trial) => trial.suggestInt('x', 0, 1, o))],
  [
    'scheduleFactor',
    'ScheduleSettings',
    'numCycles',
    (o) => m.scheduleFactor('cosine', { step: 1, warmupSteps: 0, totalSteps: 2 }, o),
  ],
  [
    'TrainingStep.create',
    'TrainingStepOptions OptimizerOptions',
    'groupOf',
    (o) => m.TrainingStep.create(bert, () => sums.sum(), o),
  ],
  ['step', 'StepSettings', 'learningRate', (o) => step.step([], o, 0)],
  ['searchPage', 'SearchPageInputs', 'metrics', (o) => searchPage(o)],
  ['runReport', 'ReportInputs', 'baseModel', (o) => runReport(o)],
  ['semanticSearch', 'SemanticSearchOptions', 'topK', (o) => m.semanticSearch(vector, vector, o)],
  ['communityDetection', 'CommunityDetectionOptions', 'minCommunitySize', (o) => m.communityDetection(vector, o)],
  ['paraphraseMining', 'ParaphraseMiningOptions', 'maxPairs', (o) => m.paraphraseMining(vector, o)],
  ['reciprocalRankFusion', 'ReciprocalRankFusionOptions', 'weights', (o) => m.reciprocalRankFusion([], o)],
  ['quantizeEmbeddings', 'QuantizeEmbeddingsOptions', 'calibration', (o) => m.quantizeEmbeddings(vector, 'int8', o)],
  ['TextRanking', 'TextRankingOptions', 'activation', (o) => new m.TextRanking(Object.assign({ tokenizer }, o))],
  ['openRankingStream', 'RankingStreamOptions', 'singleDocuments', (o) => m.openRankingStream('none', o)],
  ['readRankingExamples', 'SimilarityFileOptions', 'header', (o) => m.readRankingExamples('none', o)],
  [
    'fitLogisticRegression',
    'LogisticRegressionOptions',
    'tolerance',
    (o) => m.fitLogisticRegression({ ...vector }, [0], o),
  ],
  ['openVectors', 'OpenVectorsOptions', 'precision', (o) => m.openVectors('none', o)],
  ['mineHardNegatives', 'HardNegativeOptions', 'numNegatives', (o) => m.mineHardNegatives([], o)],
  ['ndcgScore', 'NdcgOptions', 'k', (o) => m.ndcgScore([1], [1], o)],
  ['rerankingReport', 'RerankingOptions', 'k', (o) => m.rerankingReport([], o)],
  ['retrievalReport', 'RetrievalReportOptions', 'rankedK', (o) => m.retrievalReport([], o)],
  ['tensor', '', 'dtype', (o) => m.tensor([1], o)],
  ['matmul', '', 'alpha', (o) => sums.matmul(sums, o)],
  ['linear', '', 'layout', (o) => sums.linear(sums, sums, o)],
  ['sum', 'ReduceOptions', 'keepDims', (o) => sums.sum(0, o)],
  ['mean', 'ReduceOptions', 'keepDims', (o) => sums.mean(0, o)],
  ['max', 'ReduceOptions', 'keepDims', (o) => sums.max(0, o)],
  ['gather', '', 'paddingIndex', (o) => sums.gather(m.tensor([0], { dtype: 'int64' }), o)],
  ['MultiHeadAttention', 'AttentionOptions', 'hiddenSize', (o) => new m.MultiHeadAttention(o)],
  ['MultiHeadAttention.forward', 'AttentionInputs', 'mask', (o) => new m.MultiHeadAttention(sizes).forward(sums, o)],
  ['scaledDotProductAttention', '', 'dropout', (o) => m.scaledDotProductAttention(sums, sums, sums, o)],
  [
    'groupedQueryAttention',
    'GroupedQueryOptions',
    'scale',
    (o) => m.groupedQueryAttention(sums, { key: sums, value: sums }, o),
  ],
  ['Embedding', 'EmbeddingOptions', 'paddingIndex', (o) => new m.Embedding(2, 2, o)],
  ['GatedFeedForward', 'GatedFeedForwardOptions', 'hiddenAct', (o) => new m.GatedFeedForward(o)],
  ['Linear', '', 'bias', (o) => new m.Linear(2, 2, 0.02, o)],
  ['Parameter', '', 'decay', (o) => new m.Parameter([2], 'zeros', o)],
  ['VocabularyDecoder', '', 'tied', (o) => new m.VocabularyDecoder(embedding, o)],
  ['VocabularyProjection', '', 'tied', (o) => new m.VocabularyProjection(embedding, o)],
  ['TransformerLayer', 'TransformerLayerOptions', 'intermediateSize', (o) => new m.TransformerLayer(o)],
  [
    'supervisedContrastive',
    'SupervisedContrastiveOptions',
    'temperature',
    (o) => m.supervisedContrastive(sums, sums, o),
  ],
  ['crossEntropy', 'CrossEntropyOptions', 'labelSmoothing', (o) => m.crossEntropy(sums, sums, o)],
];

/** The name as Python has it or, where that is the same, with a slip. */
function slipOf(option: string): string {
  const python = option.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
  return python === option ? `${option.slice(0, 2)}_${option.slice(2)}` : python;
}

test.each(rows)('%s of %s', async (of, _, option, call) => {
  const error: unknown = await Promise.resolve({ [slipOf(option)]: 1 } as never)
    .then(call)
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(m.UserError);
  expect(`${error}`).toContain(`${of}: there is no option "${slipOf(option)}"; there are: `);
  expect(`${error}`).toMatch(new RegExp(`Did you mean ${option}\\?$`));
});

/** Types that are named like options and are none: what graphs read, what files say, and what engines are told. */
const noOptions = ['CausalInputs', 'CorpusSettings', 'ModelInputs', 'OwnSettings', 'RunOptions', 'TaskOptions'];

/** Options of calls of a pipeline, which its own tests give names that there are not. */
const ofPipelines = [
  'AnswerOptions',
  'ClassifyOptions',
  'FeatureExtractionOptions',
  'RankOptions',
  'FillMaskOptions',
  'EntityTagOptions',
  'TagOptions',
  'TokenTagOptions',
  'TextGenerationOptions',
];

test('no exported type of options is missing above', () => {
  const entries = readdirSync(new URL('../src/exports/', import.meta.url)).map((file) => `exports/${file}`);
  const exported = ['index.ts', 'report/index.ts', ...entries].flatMap((file) => [
    ...readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8').matchAll(
      /\b([A-Z]\w*(?:Options|Settings|Inputs))\b/g,
    ),
  ]);
  const checked = new Set([...noOptions, ...ofPipelines, ...rows.flatMap(([, types]) => types.split(' '))]);
  expect(exported.length).toBeGreaterThan(35);
  expect(exported.map(([, name]) => name).filter((name) => !checked.has(name as string))).toEqual([]);
});
