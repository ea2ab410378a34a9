/** @file Options of text generation on the command line. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { number } from '../../options/common-options.js';

const earlyStopping = (text: string): boolean | 'never' => {
  if (text === 'never') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new InvalidArgumentError(`"${text}" is none of true, false, never.`);
};

const collect = <Item>(read: (text: string) => Item) => {
  return (text: string, before: readonly Item[] | undefined) => [...(before ?? []), read(text)];
};

/** commander would take the name for `--repeat-ngram-size`, turned off. */
function noRepeatNgramSize(): Option {
  const option = new Option(
    '--no-repeat-ngram-size <count>',
    'no run of so many tokens comes twice (default: 0, no limit)',
  ).argParser(number);
  option.negate = false;
  return option;
}

/** Adds the options that decide what is generated. Their defaults are the model folder's, else as said. */
export function addGenerationOptions(command: Command): Command {
  return command
    .option('--max-new-tokens <count>', 'tokens to add (default: 256, as far as the model has positions)', number)
    .option('--max-length <count>', 'tokens of prompt and text together', number)
    .option('--min-length <count>', 'tokens of prompt and text before which it does not end (default: 0)', number)
    .option('--min-new-tokens <count>', 'tokens before which the text does not end (default: 0)', number)
    .option('--do-sample', 'draw tokens by their probabilities (default with --temperature, --top-k, --top-p, --min-p)')
    .option('--no-do-sample', 'take the likeliest token, whatever the model folder says')
    .option('--temperature <value>', 'below 1 the likely becomes likelier, above 1 less so (default: 1)', number)
    .option('--top-k <count>', 'draw among so many likeliest tokens, 0 for all (default: 50)', number)
    .option(
      '--top-p <share>',
      'draw among the likeliest tokens that have this probability together (default: 1)',
      number,
    )
    .option('--min-p <share>', "draw among tokens with this share of the likeliest's probability (default: 0)", number)
    .option('--repetition-penalty <value>', 'above 1, tokens that were there become less likely (default: 1)', number)
    .addOption(noRepeatNgramSize())
    .option('--num-beams <count>', 'beam search with so many beams (default: 1, none)', number)
    .option('--length-penalty <value>', 'beam search: above 0 favours long texts (default: 1)', number)
    .option('--early-stopping <when>', 'beam search: true, false or never (default: false)', earlyStopping)
    .option('--num-return-sequences <count>', 'texts a prompt (default: 1)', number)
    .option('--stop-strings <text>', 'end the text where this begins; may be given several times', collect(String))
    .option('--eos-token-id <number>', 'token that ends the text; may be given several times', collect(number))
    .option('--seed <number>', 'decides what is drawn (default: 42)', number)
    .addOption(
      new Option(
        '--overflow <what>',
        'when the model has no positions left: refuse beforehand, or continue with the last part in view (default: error)',
      ).choices(['error', 'slide']),
    );
}
