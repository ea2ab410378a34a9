/** @file What `multihead pretrain` does: tokenizes the corpus once, makes or loads the model, trains, saves. */
import { joinPath, remove, temporaryFolder } from '#files';
import { describeNote } from '../../../data/corpus/corpus-warnings.js';
import type { TokenSource } from '../../../data/pretraining/token-source.js';
import { AutoConfig } from '../../../models/auto-config.js';
import { autoModelFor } from '../../../models/auto-model.js';
import type { PretrainedModel } from '../../../models/core/pretrained.js';
import { families } from '../../../models/registry.js';
import { UserError } from '../../../platform/errors.js';
import type { OptionValues } from '../../../tasks/define-task.js';
import type { Evaluation } from '../../../tasks/task.js';
import { checkWhole } from '../../../tasks/validate-features.js';
import { openTokenized, type TokenizeCorpusOptions, tokenizeCorpus } from '../../../text/corpus/tokenize-corpus.js';
import { AutoTokenizer } from '../../../text/tokenizer/auto-tokenizer.js';
import type { Tokenizer } from '../../../text/tokenizer/tokenizer.js';
import { sourceEvaluator, usualMaxBlocks } from '../../../training/feeding/pretraining.js';
import type {
  ObjectiveModels,
  PreparedObjective,
  PretrainingObjective,
} from '../../../training/objectives/objective.js';
import { objectiveNamed } from '../../../training/objectives/registry.js';
import { type TrainingOptions, trainingOptions } from '../../../training/trainer/options.js';
import { Trainer } from '../../../training/trainer/trainer.js';
import { objectiveOptions } from '../../options/objective-options.js';
import { checkOutput, runSettings } from '../../options/run-options.js';
import { type RunArguments, startRun, trainUntilInterrupted } from '../../run/run.js';
import { lockOutput } from '../../run/run-lock.js';
import { dryRun } from '../train/dry-run.js';
import { trainSeeds } from '../train/seeds.js';

/** The command's options, as the command line gives them. */
export interface PretrainArguments extends Partial<TrainingOptions>, RunArguments {
  readonly seeds?: readonly number[];
  readonly dryRun?: boolean;
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
  readonly maxEvalBlocks?: number;
  readonly corpusCache?: string;
  readonly workers?: number;
}

/** Blocks are no longer than this where nothing is said: attention's cost grows with the square. */
const usualBlock = 512;

/** Runs the command. */
export async function pretrain(name: string, options: PretrainArguments): Promise<void> {
  const { loggingSteps, blockSize, maxEvalBlocks, output, corpusCache, seeds } = options;
  trainingOptions(runSettings(options)); // refuse what cannot be before anything is read
  checkWhole({ loggingSteps, blockSize, maxEvalBlocks });
  const objective = objectiveNamed(name);
  const asked: Asked = { objective, own: objectiveOptions(objective, options), options };
  objective.check?.(asked.own, options);
  checkSources(options);
  if (options.dryRun) {
    const scratch = await temporaryFolder('multihead-dry-run-');
    try {
      const corpus = output === '' ? { ...corpusOf(options), output: corpusCache ?? scratch } : corpusOf(options);
      await pretrainOnce(asked, { ...corpus, scratch });
    } finally {
      await remove(scratch);
    }
  } else if (seeds) {
    // One corpus for all: what is set aside is the same for each, so that their scores can be compared.
    const corpus = { ...corpusOf(options), output: corpusCache ?? joinPath(output, 'corpus') };
    await trainSeeds(seeds, options, (run) =>
      pretrainOnce({ ...asked, options: run }, { ...corpus, isSummedUp: true }),
    );
  } else {
    await checkOutput(options);
    await pretrainOnce(asked, corpusOf(options));
  }
}

/** The objective with its own options, and the command's. */
interface Asked {
  readonly objective: PretrainingObjective;
  readonly own: OptionValues;
  readonly options: PretrainArguments;
}

/** Where the tokenized corpus is, and what decides which of its documents are set aside. */
interface CorpusPlace {
  readonly output: string;
  readonly seed: number | undefined;
  /** Where it goes if `output` does not hold it, and must not be written. */
  readonly scratch?: string;
}

const corpusOf = ({ output, corpusCache, seed }: PretrainArguments): CorpusPlace => ({
  output: corpusCache ?? joinPath(output, 'corpus'),
  seed,
});

/** One run. */
async function pretrainOnce(
  { objective, own, options }: Asked,
  { isSummedUp = false, ...place }: CorpusPlace & { readonly isSummedUp?: boolean },
): Promise<Evaluation | undefined> {
  const { blockSize: asked, maxEvalBlocks, evalBatchSize, output, resume, overwrite, dryRun: isDry } = options;
  if (!isDry) lockOutput(output); // the tokenized corpus goes there, too
  const folder = (options.tokenizer ?? options.model) as string;
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const { lineByLine, seed } = options;
  const { task, featuresOf } = objective.prepare({ tokenizer, options: own, lineByLine, seed });
  const model = await startingModel(objective.models(own), options, tokenizer);
  const blockSize = asked ?? Math.min(usualBlock, model.limits.maxLength);
  if (blockSize > model.limits.maxLength) {
    throw new UserError(`blockSize is ${blockSize}, but the model reads no more than ${model.limits.maxLength} tokens`);
  }
  const corpus = await readCorpus({ ...options, sentences: objective.needsSentences?.(own) }, folder, place);
  const train = featuresOf(corpus.train, blockSize);
  const limits = { maxBlocks: maxEvalBlocks, batchSize: evalBatchSize };
  const validation = corpus.validation && validationOf(featuresOf, corpus.validation, blockSize);
  const evaluation = validation && sourceEvaluator(model, task, validation, limits);
  const parts = { model, task, tokenizer, train, evaluation, ...runSettings(options) };
  if (isDry) {
    const evaluationExamples = Math.min(validation?.length ?? 0, maxEvalBlocks ?? usualMaxBlocks);
    await dryRun(parts, { evaluationExamples, json: options.json });
    return undefined;
  }
  const { progress, onEvent } = await startRun(options, model);
  const trainer = new Trainer({ ...parts, output, resume, overwrite, onEvent });
  if (!(await trainUntilInterrupted(trainer, progress))) return undefined;
  progress.finished({ task: objective.name, output, tryIt: objective.tryIt });
  const found = isSummedUp && evaluation ? await evaluation.evaluate() : undefined;
  await model.dispose();
  return found;
}

/** What is set aside can be too little where the whole is not. */
function validationOf(featuresOf: PreparedObjective['featuresOf'], tokens: TokenSource, blockSize: number) {
  try {
    return featuresOf(tokens, blockSize);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`of the text for validation, ${error.message} (--validation-share 0 does without)`);
  }
}

async function readCorpus(
  options: PretrainArguments & Pick<TokenizeCorpusOptions, 'sentences'>,
  tokenizer: string,
  { output, seed, scratch }: CorpusPlace,
) {
  const { corpus, validationCorpus, validationShare, documents, lineByLine, textField } = options;
  const { workers, sentences } = options;
  const asked: TokenizeCorpusOptions = {
    sources: corpus,
    validationSources: validationCorpus,
    validationShare,
    tokenizer,
    seed,
    workers,
    sentences,
    documents: documents ?? (lineByLine ? 'line' : 'paragraph'),
    textField,
    output,
    onNote: (note) => console.error(describeNote(note)),
  };
  const known = scratch === undefined ? undefined : await openTokenized(asked);
  const result = known ? { ...known, reused: true } : await tokenizeCorpus({ ...asked, output: scratch ?? output });
  const { train, validation, reused } = result;
  const told = { type: 'corpus', tokens: train.length, validationTokens: validation?.length ?? 0, reused };
  const held = told.validationTokens > 0 ? `, ${told.validationTokens} to evaluate on` : '';
  console.log(options.json ? JSON.stringify(told) : `${train.length} tokens of text to learn from${held}`);
  return result;
}

/** The model that pretraining begins with: a given one, or a new one as large as the tokenizer's vocabulary. */
async function startingModel(
  { head, trainedBy, suits }: ObjectiveModels,
  { model, config: path, seed = 42 }: PretrainArguments,
  tokenizer: Tokenizer,
): Promise<PretrainedModel> {
  const size = Math.max(...tokenizer.vocabulary.values()) + 1;
  if (model) {
    const loaded: PretrainedModel = await autoModelFor(head).fromPretrained(model, { seed });
    const { vocabSize } = loaded.config;
    if (vocabSize >= size) return loaded;
    throw new UserError(
      `${model}: knows ${vocabSize} tokens, but the tokenizer has ${size}. Give the model's own tokenizer.`,
    );
  }
  const config = await AutoConfig.fromFile(path as string);
  const { modelType, vocabSize } = config;
  if (vocabSize < size) {
    throw new UserError(
      `${path}: vocab_size is ${vocabSize}, but the tokenizer has ${size} tokens. Set vocab_size to ${size}.`,
    );
  }
  const trained = families().filter((family) => family.heads[head] && (suits?.(family) ?? true));
  const types = trained.map(({ architecture }) => architecture.modelType);
  if (!types.includes(modelType)) {
    const names = types.map((type) => `"${type}"`).join(' or ');
    throw new UserError(`${path}: model_type is "${modelType}"; ${trainedBy} trains ${names}`);
  }
  return autoModelFor(head).fromConfig(config, { seed });
}

/** Either a model to continue from, or what is needed to create one. */
function checkSources({ model, config, tokenizer }: PretrainArguments): void {
  if (model && config) throw new UserError('--model and --config exclude each other; give one of them');
  if (model) return;
  if (!config)
    throw new UserError('give --config FILE, the config.json of the model to make, or --model FOLDER to train further');
  if (!tokenizer) throw new UserError('--config needs --tokenizer FOLDER; train one with: multihead tokenizer train');
}
