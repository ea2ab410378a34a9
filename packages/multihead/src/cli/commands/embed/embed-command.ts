/** @file `multihead embed`: its options. */
import { type Command, Option } from 'commander';
import { number, verboseOption } from '../../options/common-options.js';

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
    .argument('[file]', 'a text file, one sentence a line; - or nothing reads the standard input', '-')
    .requiredOption('--model <folder>', "a BERT, also one of sentence-transformers, a folder in Hugging Face's layout")
    .option(
      '--output <file.npy>',
      'write a NumPy file (default: JSON lines {"text", "embedding"} on the standard output)',
    )
    .addOption(
      new Option('--pooling <how>', `how one vector comes of the tokens' (default: ${byFolder}, else mean)`).choices([
        'mean',
        'cls',
        'pooler',
      ]),
    )
    .option('--normalize', `make vectors of length 1 (default: ${byFolder}, else not)`)
    .option('--no-normalize', 'leave vectors as they are')
    .option('--max-length <tokens>', 'cut texts to so many tokens (default: as many as the model reads)', number)
    .option('--batch-size <count>', 'texts a batch (default: 32)', number)
    .addOption(verboseOption())
    .addHelpText('after', examples)
    .action(async (file, options) => {
      const { embed } = await import('./embed.js');
      await embed(file, options);
    });
}
