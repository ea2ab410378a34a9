/** @file The definition of sentence similarity. */
import { z } from 'zod';
import {
  openSimilarityStream,
  readSimilarityExamples,
  type SimilarityStream,
} from '../../data/examples/similarity/similarity.js';
import type { SimilarityExample } from '../../data/examples/similarity/similarity-examples.js';
import { type SimilarityForm, similarityForm } from '../../data/examples/similarity/similarity-form.js';
import { readSentenceSettings } from '../../models/sentences/sentence-settings.js';
import { UserError } from '../../platform/errors.js';
import { defineTask, type TrainingSources } from '../define-task.js';
import { similarityFileOptions } from '../similarity-file-options.js';
import { hashSplitOf, splitSources } from '../split-sources.js';
import { lossOf } from './losses/choose-loss.js';
import { similarityOptions as options } from './options.js';
import { mistakeOrder, similarityOutcomes } from './outcomes.js';
import { sentenceSimilarityPipeline } from './pipeline.js';
import { SentenceSimilarity, usualLength } from './sentence-similarity.js';
import type { SentenceSimilarityOptions } from './sentence-similarity-options.js';
import { similarityService } from './service.js';
import type { SimilarityPrediction } from './similarity-prediction.js';

/** Facts about the training examples. */
interface Facts {
  readonly form: SimilarityForm;
}

type Settings = z.infer<typeof options.training> &
  z.infer<typeof options.settings> &
  Pick<SentenceSimilarityOptions, 'prompts' | 'doLowerCase'>;

async function readTraining(sources: TrainingSources) {
  const { train: source, eval: evaluationSource, streaming, onRead, onNote } = sources;
  const { loss, lossArgs } = sources.options as Settings;
  const given = evaluationSource
    ? await readSimilarityExamples(evaluationSource, similarityFileOptions(sources.reading('validation')))
    : undefined;
  const reading = similarityFileOptions(sources.reading('train'));
  const factsOf = (form: SimilarityForm): Facts => {
    const { name } = lossOf({ loss, lossArgs }, form);
    if (loss === undefined) onNote(`loss ${name}: usual for such examples (\`loss\` sets another)`);
    return { form };
  };
  if (streaming) {
    const train = await openSimilarityStream(source, { ...reading, heldOut: hashSplitOf(sources) });
    onRead();
    const { form, evaluation = given } = train;
    return { train, evaluation, facts: factsOf(form) };
  }
  const examples = await readSimilarityExamples(source, reading);
  onRead();
  // Examples with the same first text stay together: the evaluation is to ask nothing that was learned.
  const group = ({ texts }: SimilarityExample) => texts[0] as string;
  const parts = splitSources(sources, examples, { group }) ?? { train: examples, evaluation: given };
  return { ...parts, facts: factsOf(similarityForm(examples)) };
}

const shown = (value: number): number => Number(value.toFixed(4));

/** Sentence similarity: vectors of texts, so that similar texts have nearby vectors, as sentence-transformers trains them. */
export const sentenceSimilarity = defineTask<SimilarityExample, SimilarityPrediction, Facts, SentenceSimilarity>({
  name: 'sentence-similarity',
  title: 'sentence similarity',
  head: 'Model',
  unit: 'examples',
  usualLength,
  options,
  commands: {
    inputs: z.object({}),
    texts: 'a sentence, and others to compare it with',
    tryIt: '"..." "..."',
    examples: [
      'multihead train sentence-similarity --model models/mini --train PAIRS.csv --eval-split 0.1 --output runs/similar',
    ],
    fromArguments(texts) {
      if (texts.length < 2) {
        throw new UserError('sentence similarity needs two texts or more: multihead predict ... "a text" "another"');
      }
      return [{ texts }];
    },
    line: ({ texts }, { similarities, similarity }) => ({
      texts,
      similarities: similarities.map((of) => of[similarity]),
    }),
    text: ({ texts }, { similarities, similarity }) =>
      similarities.map((of, i) => `${shown(of[similarity]).toFixed(4)}\t${texts[0]}\t${texts[i + 1]}`),
  },

  readTraining,
  openLabelled: (source, reading) => openSimilarityStream(source, similarityFileOptions(reading)),
  async open(source, reading) {
    const examples = await openSimilarityStream(source, similarityFileOptions(reading));
    return {
      ...examples,
      // Scores that a file of texts happens to have are of no matter for predictions.
      async *examples() {
        for await (const group of examples.examples()) yield group.map(({ label: _, ...texts }) => texts);
      },
    };
  },
  async openFolder(folder) {
    const settings = await readSentenceSettings(folder);
    if (!settings) return { folder, options: {} };
    const {
      modelFolder,
      maxSeqLength: maxLength,
      pooling,
      normalize,
      comparison,
      doLowerCase,
      prompt,
      prompts,
    } = settings;
    const { query, document } = prompts;
    return {
      folder: modelFolder,
      maxLength,
      options: {
        pooling,
        normalize,
        similarity: comparison,
        doLowerCase,
        prompt,
        prompts,
        // Those that are the default follow it when it is changed. An empty one beside it is meant: encode_query and
        // encode_document of sentence-transformers then add no prompt.
        ...(query !== undefined && query !== prompt && { queryPrompt: query }),
        ...(document !== undefined && document !== prompt && { documentPrompt: document }),
      },
    };
  },
  create({ config, tokenizer, maxLength, options, facts }) {
    const { matryoshka: dimensions, ...settings } = options as Settings;
    return new SentenceSimilarity({
      ...settings,
      tokenizer,
      maxLength,
      hiddenSize: config.hiddenSize,
      ...(dimensions && { matryoshka: { dimensions } }),
      ...(facts && { form: facts.form }),
    });
  },
  outcomes(_, predictions, examples, from, all) {
    // A stream knows the range of all scores; examples of training are evaluated as one part.
    const { form } = all as Partial<SimilarityStream>;
    return similarityOutcomes(predictions, examples, { from, range: form?.range });
  },
  pipeline: sentenceSimilarityPipeline,
  service: similarityService,
  mistakes: () => ({ order: mistakeOrder }),
});
