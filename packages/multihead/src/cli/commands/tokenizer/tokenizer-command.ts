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
    .description('train a tokenizer on text')
    .argument(
      '<files...>',
      'UTF-8 text; JSON Lines or Parquet, a text a row; also .gz; names, folders or patterns such as "corpus/**/*.txt"',
    )
    .addOption(
      new Option('--type <kind>', 'WordPiece (as in BERT), byte-level BPE (as in GPT-2), or one token per character')
        .choices(['wordpiece', 'bpe', 'char'])
        .makeOptionMandatory(),
    )
    .requiredOption('--output <folder>', 'folder for the tokenizer')
    .option('--vocab-size <count>', 'number of tokens (default: 30000; char: as many as needed)', number)
    .option('--min-frequency <count>', 'minimum frequency of token pairs to be merged (default: 2)', number)
    .option('--limit-alphabet <count>', 'number of most frequent characters to keep (default: 1000; char: all)', number)
    .option(
      '--special-tokens <tokens...>',
      "special tokens in the order of their numbers, up to the next option or -- (default: BERT's or GPT-2's)",
    )
    .option('--no-lowercase', 'wordpiece: keep capital letters')
    .option('--strip-accents', 'wordpiece: strip accents (default: if lowercasing)')
    .option('--no-strip-accents', 'wordpiece: keep accents')
    .option('--no-tokenize-chinese-chars', 'wordpiece: do not split Chinese characters into separate words')
    .option('--text-field <name>', 'field or column with the text in JSON Lines and Parquet', 'text')
    .option('--overwrite', 'replace the tokenizer in the output folder')
    .option('--json', 'print progress as JSON, one object per line, instead of text')
    .addOption(verboseOption())
    .addHelpText('after', examples)
    .action(async (files, options) => {
      const { trainTokenizerFromFiles } = await import('./train-tokenizer.js');
      await trainTokenizerFromFiles(files, options);
    });
}
