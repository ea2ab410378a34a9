/** @file What `multihead pretrain` does: tokenizes the corpus once, makes or loads the model, trains, saves. */
import { joinPath } from '#files';
import { describeNote } from '../data/corpus/notes.js';
import { UserError } from '../errors.js';
import { AutoConfig } from '../models/auto-config.js';
import { AutoModelForCausalLM } from '../models/auto-model.js';
import { BertForMaskedLM } from '../models/bert-heads.js';
import type { BertConfig } from '../models/config.js';
import { GPT2LMHeadModel } from '../models/gpt2.js';
import { LlamaForCausalLM } from '../models/llama.js';
import type { PretrainedModel } from '../models/pretrained.js';
import { CausalLanguageModeling } from '../tasks/causal-language-modeling.js';
import type { LanguageModelingTask } from '../tasks/language-modeling.js';
import { checkWhole } from '../tasks/limits.js';
import { MaskedLanguageModeling } from '../tasks/masked-language-modeling.js';
import { AutoTokenizer } from '../text/auto-tokenizer.js';
import { tokenizeCorpus } from '../text/corpus/tokenize-corpus.js';
import type { Tokenizer } from '../text/tokenizer.js';
import { type TrainingOptions, trainingOptions } from '../training/options.js';
import { corpusEvaluator, corpusSource } from '../training/pretraining.js';
import { Trainer } from '../training/trainer.js';
import { progressListener } from './progress.js';
import { checkOutput, given, type OutputArguments, runSettings } from './run-options.js';

type PretrainingTask = 'fill-mask' | 'text-generation';

/** The command's options, as the command line gives them. */
export interface PretrainArguments extends Partial<TrainingOptions>, OutputArguments {
  readonly corpus: readonly string[];
  readonly validationCorpus?: readonly string[];
  readonly validationShare?: number;
  readonly config?: string;
  readonly tokenizer?: string;
  readonly model?: string;
  readonly blockSize?: number;
  readonly lineByLine?: boolean;
  readonly documents?: 'paragraph' | 'line' | 'file';
  readonly textField?: string;
  readonly mlmProbability?: number;
  readonly wholeWordMasking: boolean;
  readonly maxEvalBlocks?: number;
  readonly corpusCache?: string;
  readonly workers?: number;
  readonly loggingSteps: number;
}

/** Blocks are no longer than this where nothing is said: attention's cost grows with the square. */
const usualBlock = 512;

/** Runs the command. */
export async function pretrain(name: PretrainingTask, options: PretrainArguments): Promise<void> {
  const { loggingSteps, blockSize: asked, maxEvalBlocks, lineByLine, output, resume } = options;
  trainingOptions(runSettings(options)); // refuse what cannot be before anything is read
  checkWhole({ loggingSteps, blockSize: asked, maxEvalBlocks });
  checkSources(options);
  await checkOutput(options);
  const folder = (options.tokenizer ?? options.model) as string;
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const task = taskFor(name, tokenizer, options);
  const model = await startingModel(name, options, tokenizer);
  const blockSize = asked ?? Math.min(usualBlock, model.config.maxPositionEmbeddings);
  if (blockSize > model.config.maxPositionEmbeddings) {
    throw new UserError(
      `--block-size is ${blockSize}, but the model reads no more than ${model.config.maxPositionEmbeddings} tokens`,
    );
  }
  const corpus = await readCorpus(options, folder);
  const separatorId = name === 'fill-mask' ? tokenizer.sepId : tokenizer.eosId;
  const blocks = { blockSize, lineByLine, separatorId };
  const evaluation =
    corpus.validation &&
    corpusEvaluator(model, task, corpus.validation, { ...blocks, ...(maxEvalBlocks && { maxBlocks: maxEvalBlocks }) });
  const progress = progressListener(loggingSteps);
  progress.loaded(model);
  const trainer = new Trainer({
    ...{ model, task, tokenizer, evaluation, output, resume },
    train: corpusSource(corpus.train, task, blocks),
    ...runSettings(options),
    onEvent: (event) => progress.listen(event),
  });
  await trainer.train();
  progress.finished(name, output);
}

async function readCorpus(options: PretrainArguments, tokenizer: string) {
  const { corpus, validationCorpus, validationShare, documents, lineByLine, textField, output, corpusCache } = options;
  const { seed, workers } = options;
  const result = await tokenizeCorpus({
    ...{ sources: corpus, validationSources: validationCorpus, validationShare, tokenizer, seed, workers },
    ...{ documents: documents ?? (lineByLine ? 'line' : 'paragraph'), textField },
    output: corpusCache ?? joinPath(output, 'corpus'),
    onNote: (note) => console.error(describeNote(note)),
  });
  const { train, validation, reused } = result;
  const told = { type: 'corpus', tokens: train.length, validationTokens: validation?.length ?? 0, reused };
  console.log(process.stdout.isTTY ? `${train.length} tokens of text to learn from` : JSON.stringify(told));
  return result;
}

function taskFor(name: PretrainingTask, tokenizer: Tokenizer, options: PretrainArguments): LanguageModelingTask {
  if (name === 'text-generation') return new CausalLanguageModeling();
  const { wholeWordMasking } = options;
  return new MaskedLanguageModeling({ tokenizer, wholeWordMasking, ...given(options, 'mlmProbability') });
}

/** The model that pretraining begins with: a given one, or a new one as large as the tokenizer's vocabulary. */
async function startingModel(
  name: PretrainingTask,
  { model, config: path, seed = 42 }: PretrainArguments,
  tokenizer: Tokenizer,
): Promise<PretrainedModel> {
  const isCausal = name === 'text-generation';
  if (model) {
    return isCausal
      ? AutoModelForCausalLM.fromPretrained(model, { seed })
      : BertForMaskedLM.fromPretrained(model, { seed });
  }
  const config = await AutoConfig.fromFile(path as string);
  const { modelType, vocabSize } = config;
  const size = Math.max(...tokenizer.vocabulary.values()) + 1;
  if (vocabSize < size) {
    throw new UserError(
      `${path}: vocab_size is ${vocabSize}, but the tokenizer has ${size} tokens. Set vocab_size to ${size}.`,
    );
  }
  if (isCausal !== (modelType !== 'bert')) {
    throw new UserError(
      `${path}: model_type is "${modelType}"; ${name} trains ${isCausal ? '"gpt2" or "llama"' : '"bert"'}`,
    );
  }
  if (!isCausal) return BertForMaskedLM.fromConfig(config as BertConfig, seed);
  return config.modelType === 'gpt2'
    ? GPT2LMHeadModel.fromConfig(config as never, seed)
    : LlamaForCausalLM.fromConfig(config as never, seed);
}

/** Either a model to go on with, or what is needed to make one. */
function checkSources({ model, config, tokenizer }: PretrainArguments): void {
  if (model && config) throw new UserError('--model and --config exclude each other; give one of them');
  if (model) return;
  if (!config)
    throw new UserError('give --config FILE, the config.json of the model to make, or --model FOLDER to go on with');
  if (!tokenizer) throw new UserError('--config needs --tokenizer FOLDER; train one with: multihead tokenizer train');
}
