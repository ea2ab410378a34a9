/** @file `multihead embed`: its options. */
import { type Command, Option } from 'commander';
import { sentencePoolings } from '../../../models/sentences/sentence-poolings.js';
import { precisions } from '../../../vectors/quantize-embeddings.js';
import { number, verboseOption } from '../../options/common-options.js';
import { dtypeOption } from '../../options/dtype-option.js';

const examples = `
Each line is a text; an empty one too, so that vector n is that of line n.

Examples:
  multihead embed --model models/mini SENTENCES.txt > vectors.jsonl
  multihead embed --model models/mini SENTENCES.txt --output vectors.npy
  multihead embed --model models/mini SENTENCES.txt --precision binary --output bits.npy
  echo "How do I get a refund?" | multihead embed --model models/mini --pooling cls --normalize`;

/** Adds the arguments and options of the command. */
export function setEmbedCommand(command: Command): void {
  const byFolder = "as the folder's modules.json says";
  command
    .argument('[file]', 'text file, one sentence per line; - or nothing reads standard input', '-')
    .requiredOption('--model <folder>', "a BERT, also one of sentence-transformers, a folder in Hugging Face's layout")
    .option(
      '--output <file.npy>',
      'write a NumPy file (default: JSON lines {"text", "embedding"} on the standard output)',
    )
    .addOption(
      new Option('--pooling <how>', `pooling of token vectors to one vector (default: ${byFolder}, else mean)`).choices(
        [...sentencePoolings, 'pooler'],
      ),
    )
    .option('--normalize', `normalize vectors to length 1 (default: ${byFolder}, else not)`)
    .option('--no-normalize', 'do not normalize vectors')
    .option(
      '--max-length <tokens>',
      'maximum number of tokens, to which texts are truncated (default: as many as the model reads)',
      number,
    )
    .option('--batch-size <count>', 'texts per batch (default: 32)', number)
    .option('--prompt <text>', `text that is put before each text (default: ${byFolder}, else none)`)
    .option('--prompt-name <name>', "a prompt of the folder's config_sentence_transformers.json, such as query")
    .option(
      '--dimensions <count>',
      'number of elements of a vector that are kept, the first ones (default: all)',
      number,
    )
    .addOption(
      new Option('--precision <format>', 'number format of --output, as quantize_embeddings of sentence-transformers')
        .choices(precisions)
        .default('float32'),
    )
    .option(
      '--ranges <file.npy>',
      'least and greatest value of each element for int8 and uint8, such as the .ranges.npy that was written beside other ' +
        'vectors (default: those of these vectors)',
    )
    .addOption(dtypeOption())
    .addOption(verboseOption())
    .addHelpText('after', examples)
    .action(async (file, options) => {
      const { embed } = await import('./embed.js');
      await embed(file, options);
    });
}
