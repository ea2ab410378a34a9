/** @file `multihead tokenizer`: its options. What it does is in train-tokenizer.ts, loaded when it is called. */
import { type Command, Option } from 'commander';
import { number, verboseOption } from '../../options/common-options.js';

const examples = `
Examples:
  multihead tokenizer train --type wordpiece --vocab-size 8000 --output runs/tokenizer 'CORPUS/*.txt'
  multihead tokenizer train --type bpe --vocab-size 16000 --output runs/bpe 'CORPUS/**/*.{txt,jsonl}'
  multihead tokenizer train --type char --output runs/characters TEXT.txt`;

/** Adds the arguments and options of the command. */
export function setTokenizerCommand(command: Command): void {
  command
    .command('train')
    .description('learn a tokenizer from text')
    .argument(
      '<files...>',
      'UTF-8 text; JSON Lines or Parquet, a text a row; also .gz; names, folders or patterns such as "corpus/**/*.txt"',
    )
    .addOption(
      new Option('--type <kind>', "WordPiece (BERT's), byte-level BPE (GPT-2's), or a token a character")
        .choices(['wordpiece', 'bpe', 'char'])
        .makeOptionMandatory(),
    )
    .requiredOption('--output <folder>', 'where the tokenizer goes')
    .option('--vocab-size <count>', 'tokens that there are to be (default: 30000; char: as many as it takes)', number)
    .option('--min-frequency <count>', 'rarer pairs of tokens are not merged (default: 2)', number)
    .option('--limit-alphabet <count>', 'the most frequent characters that are kept (default: 1000; char: all)', number)
    .option(
      '--special-tokens <tokens...>',
      "special tokens in the order of their numbers, up to the next option or -- (default: BERT's or GPT-2's)",
    )
    .option('--no-lowercase', 'wordpiece: capitals stay')
    .option('--strip-accents', 'wordpiece: accents are taken off (default: where capitals are)')
    .option('--no-strip-accents', 'wordpiece: accents stay')
    .option('--no-tokenize-chinese-chars', 'wordpiece: Chinese characters are not each a word')
    .option('--text-field <name>', 'field or column of JSON Lines and Parquet that holds the text', 'text')
    .option('--overwrite', 'replace the tokenizer that the output folder holds')
    .option('--json', 'progress as JSON, one object a line, instead of text')
    .addOption(verboseOption())
    .addHelpText('after', examples)
    .action(async (files, options) => {
      const { trainTokenizerFromFiles } = await import('./train-tokenizer.js');
      await trainTokenizerFromFiles(files, options);
    });
}
