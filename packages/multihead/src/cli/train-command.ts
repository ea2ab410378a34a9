/** @file `multihead train`: its options. What it does is in train.ts, loaded when it is called. */
import { type Command, InvalidArgumentError } from 'commander';
import { taskArgument } from './command-errors.js';
import { addDataOptions, sources } from './data-options.js';
import { jsonObject } from './json-object.js';
import { addMethodOptions } from './method-options.js';
import { addQuestionAnsweringOptions, freeze, number, otherTaskNames, taskNames } from './options.js';
import { addRunOptions } from './run-options.js';

const examples = `
Examples:
  multihead train text-classification --model models/mini --train examples/data/support-intents.train.tsv --eval examples/data/support-intents.test.tsv --output runs/intents
  multihead train question-answering --model models/mini --train examples/data/passages.train.json --eval examples/data/passages.test.json --output runs/qa
  multihead train text-classification --from-scratch --config examples/data/bert-tiny.json --tokenizer examples/data/tokenizer --train TRAIN.csv --output runs/new
  multihead train text-classification --model models/mini --train REVIEWS.csv.gz --eval-split 0.1 --label stars --output runs/reviews
  multihead train ... --output runs/intents --resume        continues a stopped run`;

/** Reads `balanced`, or weights by label: in a list, or as JSON where a label has a comma or an equals sign in it. */
function classWeights(text: string): 'balanced' | Record<string, number> {
  if (text === 'balanced') return text;
  if (text.startsWith('{')) return jsonObject(text) as Record<string, number>;
  const pairs = text.split(',').map((pair) => /^(.+)=([^=]+)$/.exec(pair.trim()));
  if (pairs.includes(null)) throw new InvalidArgumentError('It must be "balanced", or label=weight,label=weight.');
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], number(pair?.[2] as string)]));
}

/** Adds the command. */
export function addTrainCommand(program: Command): void {
  const command = program
    .command('train')
    .description('fine-tune a pretrained model, or train one from scratch')
    .addArgument(taskArgument('what the model is to learn', taskNames, otherTaskNames))
    .requiredOption('--train <file>', `training examples: ${sources}`)
    .option('--model <folder>', "pretrained model, a folder in Hugging Face's layout")
    .option('--from-scratch', 'begin with random weights (with --config and --tokenizer)')
    .option('--config <file>', 'config.json of a model to train from scratch')
    .option('--tokenizer <folder>', 'tokenizer of a model to train from scratch')
    .option('--eval <file>', 'evaluation examples; the best model by them is kept')
    .option(
      '--eval-split <share>',
      'share of the training examples set aside for evaluation, such as 0.1: of each label, or whole contexts; ' +
        'with --streaming drawn by a hash of each text or context, so only about this share, and not of each label',
      number,
    )
    .option(
      '--allow-unseen-labels',
      'text classification: labels of --eval alone are classes too, which are never learned',
    )
    .option(
      '--streaming',
      "read the training examples as they are needed, in constant memory; not SQuAD's JSON, which is one document",
    )
    .option('--shuffle-buffer-size <count>', 'with --streaming: examples that are mixed (default: 10000)', number)
    .option('--label-smoothing <share>', 'text classification: probability spread over all labels (default: 0)', number)
    .option('--class-weights <weights>', 'text classification: "balanced", or label=weight,label=weight', classWeights)
    .option('--max-length <tokens>', 'tokens a text may have (default: 128; question answering: 384)', number)
    .option('--freeze <what>', '"backbone", or how many of the first layers stay as they are', freeze)
    .addHelpText('after', examples);
  addMethodOptions(command);
  addRunOptions(command, {
    epochs: '3; up to 10 for few examples',
    rate: '5e-5; 3e-4 for models below 15 M parameters',
  });
  addQuestionAnsweringOptions(addDataOptions(command)).action(async (task, options) => {
    const { train } = await import('./train.js');
    await train(task, options);
  });
}
