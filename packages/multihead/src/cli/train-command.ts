/** @file `multihead train`: its options. What it does is in train.ts, loaded when it is called. */
import { Argument, type Command } from 'commander';
import {
  addColumnOptions,
  addMismatchedOption,
  addQuestionAnsweringOptions,
  freeze,
  number,
  taskNames,
  verboseOption,
} from './options.js';

const examples = `
Examples:
  multihead train text-classification --model models/minilm --train train.tsv --eval dev.tsv --output runs/sst2
  multihead train question-answering --model models/minilm --train train.json --eval dev.json --output runs/qa
  multihead train text-classification --from-scratch --config config.json --tokenizer tok/ --train train.csv --output runs/new
  multihead train ... --output runs/sst2 --resume        goes on where a stopped run was`;

/** Adds the command. */
export function addTrainCommand(program: Command): void {
  const command = program
    .command('train')
    .description('fine-tune a pretrained model, or train one from scratch')
    .addArgument(new Argument('<task>', 'what the model is to learn').choices(taskNames))
    .requiredOption('--train <file>', 'training examples: CSV, TSV or JSONL; SQuAD JSON for question answering')
    .requiredOption('--output <folder>', 'where the trained model goes')
    .option('--model <folder>', "pretrained model, a folder in Hugging Face's layout")
    .option('--from-scratch', 'begin with random weights (with --config and --tokenizer)')
    .option('--config <file>', 'config.json of a model to train from scratch')
    .option('--tokenizer <folder>', 'tokenizer of a model to train from scratch')
    .option('--eval <file>', 'evaluation examples; the best model by them is kept')
    .option('--epochs <count>', 'passes over the data (default: 3)', number)
    .option('--batch-size <count>', 'examples a batch (default: 8)', number)
    .option('--eval-batch-size <count>', 'examples a batch of evaluation (default: 32)', number)
    .option('--learning-rate <rate>', 'peak learning rate (default: 5e-5)', number)
    .option('--warmup-ratio <share>', 'share of steps over which the rate rises (default: 0)', number)
    .option('--warmup-steps <count>', 'steps over which the rate rises; counts before --warmup-ratio', number)
    .option('--weight-decay <rate>', 'decoupled weight decay, on matrices only (default: 0)', number)
    .option('--adam-beta1 <value>', 'decay of the first moment (default: 0.9)', number)
    .option('--adam-beta2 <value>', 'decay of the second moment (default: 0.999)', number)
    .option('--adam-epsilon <value>', 'keeps divisions finite (default: 1e-8)', number)
    .option('--max-grad-norm <norm>', 'clip the gradient to this norm, 0 for no limit (default: 1)', number)
    .option('--gradient-accumulation-steps <count>', 'batches averaged for one step (default: 1)', number)
    .option('--label-smoothing <share>', 'text classification: probability spread over all labels (default: 0)', number)
    .option('--max-length <tokens>', 'tokens a text may have (default: 128; question answering: 384)', number)
    .option('--freeze <what>', '"backbone", or how many of the first layers stay as they are', freeze)
    .option('--no-length-bucketing', 'mix texts of all lengths in a batch')
    .option('--seed <number>', 'decides new weights, order and dropout (default: 42)', number)
    .option('--save-steps <count>', 'a checkpoint every so many steps, besides each epoch (default: 0, none)', number)
    .option('--logging-steps <count>', 'a line every so many steps where the output is no terminal', number, 10)
    .option('--resume', 'go on from the newest checkpoint in the output folder')
    .option('--overwrite', 'replace what the output folder holds')
    .addOption(verboseOption())
    .addHelpText('after', examples);
  addMismatchedOption(addQuestionAnsweringOptions(addColumnOptions(command))).action(async (task, options) => {
    const { train } = await import('./train.js');
    await train(task, options);
  });
}
