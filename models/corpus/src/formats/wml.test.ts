import { expect, it } from 'vitest';
import { wmlMessages } from './wml.js';

it('gives marked strings over several lines, quotation marks undoubled, comments and other strings left out', () => {
  const source =
    '#textdomain wesnoth\n[message]\n speaker="Konrad"\n # message= _ "no"\n message= _ "He said\n""yes""."\n name=_"Ford"\n';
  expect(wmlMessages(source)).toEqual(['He said\n"yes".', 'Ford']);
});
