/** @file When a search says that its pruner compares unlike trials. */
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { pruningNote } from './pruning-note.js';
import { setSearchCommand } from './search-command.js';

const command = new Command('search');
setSearchCommand(command);

test.each([
  ['epochs', 'asha', true],
  ['epochs', 'median', true],
  ['epochs', 'none', false],
  ['learning-rate', 'asha', false],
] as const)('a space of %s with the pruner %s: %s', (name, pruner, isNoted) => {
  const note = pruningNote(command, { [name]: { type: 'categorical', choices: [1, 2] } }, pruner);
  expect(note !== undefined, note).toBe(isNoted);
  if (isNoted) expect(note).toContain(`--pruner ${pruner} compares trials after the same number of evaluations`);
});
