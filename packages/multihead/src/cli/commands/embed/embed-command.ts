/** @file `multihead embed`: its options. */
import { type Command, Option } from 'commander';
import { number, verboseOption } from '../../options/common-options.js';
import { dtypeOption } from '../../options/dtype-option.js';

const examples = `
Each line is a text; an empty one too, so that vector n is that of line n.

Examples:
  multihead embed --model models/mini SENTENCES.txt > vectors.jsonl
  multihead embed --model models/mini SENTENCES.txt --output vectors.npy
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
        ['mean', 'cls', 'pooler'],
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
    .addOption(dtypeOption())
    .addOption(verboseOption())
    .addHelpText('after', examples)
    .action(async (file, options) => {
      const { embed } = await import('./embed.js');
      await embed(file, options);
    });
}
