/** @file `multihead search-texts`: its options. */
import { type Command, Option } from 'commander';
import { scoreFunctionNames } from '../../../vectors/score-functions.js';
import { number, verboseOption } from '../../options/common-options.js';
import { dtypeOption } from '../../options/dtype-option.js';

const examples = `
Vectors that multihead embed wrote are read, not computed anew; they may be int8 or bits, and larger than memory.

Examples:
  multihead search-texts --model models/mini --texts SENTENCES.txt "How do I get a refund?"
  multihead embed --model models/mini SENTENCES.txt --output vectors.npy
  multihead search-texts --model models/mini --texts SENTENCES.txt --vectors vectors.npy --queries QUESTIONS.txt --json`;

/** Adds the arguments and options of the command. */
export function setSearchTextsCommand(command: Command): void {
  command
    .argument('[queries...]', 'what is searched for')
    .requiredOption('--model <folder>', "a model that embeds, a folder in Hugging Face's layout")
    .requiredOption('--texts <file>', 'text file, one text per line')
    .option('--vectors <file.npy>', 'the vectors of these texts, as multihead embed wrote them (default: computed)')
    .option('--queries <file>', 'text file, one query per line; - reads standard input')
    .option('--top-k <count>', 'number of texts for each query (default: 10)', number)
    .addOption(
      new Option(
        '--score-function <name>',
        "how near two vectors are (default: as the model's files say, else cosine)",
      ).choices(scoreFunctionNames),
    )
    .option(
      '--query-prompt <text>',
      "text that is put before each query (default: the folder's prompt of the name query, else its default)",
    )
    .option(
      '--text-prompt <text>',
      "text that is put before each text (default: the folder's prompt of the name document, passage or corpus, else its default)",
    )
    .option(
      '--dimensions <count>',
      'number of elements of a vector that are kept, the first ones (default: all)',
      number,
    )
    .option('--max-length <tokens>', 'maximum number of tokens, to which texts are truncated', number)
    .option('--batch-size <count>', 'texts per batch (default: 32)', number)
    .option('--json', 'print JSON lines: {"query", "hits": [{"line", "score", "text"}]}')
    .addOption(dtypeOption())
    .addOption(verboseOption())
    .addHelpText('after', examples)
    .action(async (queries, options) => {
      const { searchTexts } = await import('./search-texts.js');
      await searchTexts(queries, options);
    });
}
