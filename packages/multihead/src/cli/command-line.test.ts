/** @file Commands as they are printed, for people to type again. */
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { commandLine, resumeCommand } from './command-line.js';

test('a command shows no password', () => {
  expect(commandLine(['search', '--storage', 'postgres://user:se:cret@host/name'])).toBe(
    "npx multihead search --storage 'postgres://user:***@host/name'",
  );
  expect(commandLine(['search', '--storage=postgres://host/name?password=secret'])).toBe(
    "npx multihead search '--storage=postgres://host/name?password=***'",
  );
});

test('the command to resume has --resume once, before what follows --', () => {
  const command = new Command('predict')
    .option('--resume', '')
    .option('--overwrite', '')
    .requiredOption('--text <column>', '');
  const typed = ['predict', '--resume', '--text', '--resume', '--overwrite', '--', '--resume'];
  expect(resumeCommand(typed, command)).toBe('npx multihead predict --text --resume --resume -- --resume');
});

test('values of a list end at the next flag', () => {
  const command = new Command('pretrain').option('--resume', '').option('--corpus <files...>', '');
  expect(resumeCommand(['pretrain', '--corpus', 'a', 'b', '--resume'], command)).toBe(
    'npx multihead pretrain --corpus a b --resume',
  );
});
