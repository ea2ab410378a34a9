/** @file `multihead pretrain`: its options. What it does is in pretrain.ts, loaded when it is called. */
import { type Command, Option } from 'commander';
import { objectives } from '../../../training/objectives/registry.js';
import { taskArgument } from '../../options/command-errors.js';
import { number } from '../../options/common-options.js';
import { addMethodOptions } from '../../options/method-options.js';
import { objectiveOwners } from '../../options/objective-options.js';
import { addOwnedOptions } from '../../options/owned-options.js';
import { addRunOptions } from '../../options/run-options.js';

const examples = `
Examples:
  multihead tokenizer train --type wordpiece --output runs/tokenizer 'CORPUS/*.txt'
  multihead pretrain fill-mask --tokenizer runs/tokenizer --config CONFIG.json --corpus 'CORPUS/*.txt' --output runs/bert
  multihead pretrain fill-mask --model models/mini --corpus 'CORPUS/*.txt' --output runs/more        trains further on other text
  multihead pretrain text-generation --model models/mini-gpt --corpus TEXT.txt --output runs/gpt
  multihead pretrain ... --output runs/bert --resume        resumes a stopped run`;

/** Adds the arguments and options of the command. */
export function setPretrainCommand(command: Command): void {
  command
    .addArgument(
      taskArgument(
        `the objective: ${objectives()
          .map(({ name, description }) => `${name}, ${description}`)
          .join('; ')}`,
        objectives().map(({ name }) => name),
      ),
    )
    .requiredOption('--corpus <sources...>', 'text, JSONL or Parquet files, folders, patterns')
    .option('--validation-corpus <sources...>', 'text to evaluate on, instead of a fraction of the corpus')
    .option(
      '--validation-share <share>',
      'fraction of the documents to split off for evaluation (default: 0.05)',
      number,
    )
    .option('--config <file>', 'config.json of the new model')
    .option('--tokenizer <folder>', 'tokenizer of the new model')
    .option('--model <folder>', 'a model to train further, instead of --config and --tokenizer')
    .option('--block-size <tokens>', 'tokens per block (default: as many as the model can read, at most 512)', number)
    .option('--line-by-line', 'make each document a block, instead of packing documents together')
    .addOption(
      new Option('--documents <what>', 'unit of a document in text files (default: paragraph)').choices([
        'paragraph',
        'line',
        'file',
      ]),
    )
    .option('--text-field <name>', 'field or column with the text in JSONL and Parquet files (default: text)')
    .option('--max-eval-blocks <count>', 'blocks to evaluate on (default: 1000)', number)
    .option('--corpus-cache <folder>', 'folder for the tokenized corpus (default: corpus in the output folder)')
    .option('--workers <count>', 'number of tokenizing threads', number)
    .addHelpText('after', examples);
  addOwnedOptions(command, objectiveOwners());
  addMethodOptions(command);
  addRunOptions(command).action(async (task, options) => {
    const { pretrain } = await import('./pretrain.js');
    await pretrain(task, options);
  });
}
