/** @file Spaces of a search, read for the command's options. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { taskNamed } from '../../../tasks/registry.js';
import { temporaryFolder } from '../../../testing/temporary-folder.js';
import { setSearchCommand } from './search-command.js';
import { readSpace } from './space-file.js';

const command = new Command('search');
setSearchCommand(command);
const task = taskNamed('text-classification');

const own = (given: Readonly<Record<string, unknown>>) => readSpace({ file: undefined, task, command, given });
function read(space: unknown, given: Readonly<Record<string, unknown>> = {}) {
  const file = join(temporaryFolder(), 'space.json');
  writeFileSync(file, JSON.stringify(space));
  return readSpace({ file, task, command, given });
}

describe('what a given option overrides', () => {
  test("is left out of the task's own space", async () => {
    expect(Object.keys(await own({ maxSteps: 0 }))).toEqual(expect.arrayContaining(['epochs', 'warmupRatio']));
    const left = Object.keys(await own({ maxSteps: 6, warmupSteps: 2 }));
    expect(left).toEqual(['learningRate', 'batchSize', 'weightDecay', 'labelSmoothing']);
  });

  test("is refused in a space of the user's own", async () => {
    await expect(read({ epochs: [1, 2] }, { maxSteps: 6 })).rejects.toThrow(
      'space.json: epochs has no effect with --max-steps 6, which overrides it. Leave out one of them.',
    );
    await expect(read({ warmupRatio: [0, 0.1] }, { warmupSteps: 6 })).rejects.toThrow('--warmup-steps 6');
  });
});

describe('an option that is given', () => {
  const given = (...args: string[]) => {
    const parsed = new Command('search');
    setSearchCommand(parsed);
    return parsed.parseOptions(args) && parsed;
  };

  test("is fixed, and left out of the task's own space", async () => {
    const fixed = given('--batch-size', '128', '--weight-decay', '0.01');
    const space = await readSpace({ file: undefined, task, command: fixed, given: fixed.opts() });
    expect(Object.keys(space)).toEqual(['learningRate', 'epochs', 'warmupRatio', 'labelSmoothing']);
  });

  test("is the first trial's in a space of the user's own, which must have it", async () => {
    const file = join(temporaryFolder(), 'space.json');
    writeFileSync(
      file,
      JSON.stringify({ 'batch-size': [8, 16], 'learning-rate': { type: 'float', low: 1e-5, high: 1e-3 } }),
    );
    const read = (of: Command) => readSpace({ file, task, command: of, given: of.opts() });
    expect(Object.keys(await read(given('--batch-size', '16')))).toEqual(['batch-size', 'learning-rate']);
    await expect(read(given('--batch-size', '128'))).rejects.toThrow(
      'space.json: batch-size is one of 8, 16, and --batch-size is 128, which no trial would have. Leave out one of them.',
    );
    await expect(read(given('--learning-rate', '1'))).rejects.toThrow('learning-rate is a float from 0.00001 to 0.001');
  });
});

test.each([
  [
    { epochs: { type: 'float', low: 1, high: 8 } },
    'epochs: is a float, but the option takes whole numbers; write {"type":"int","low":1,"high":8}',
  ],
  [
    { 'batch-size': { type: 'float', low: 4, high: 64, log: true } },
    'batch-size: is a float, but the option takes whole numbers; write {"type":"int","low":4,"high":64,"log":true}',
  ],
  [{ 'learning-rate': { type: 'float', low: -1, high: 1 } }, 'learning-rate: "low" is -1: It must be a number above 0'],
  [{ 'learning-rate': { type: 'float', low: 1, high: 11 } }, 'learning-rate: "high" is 11: It must be a number above'],
  [{ 'batch-size': [8, 0] }, 'batch-size: "choice" is 0: It must be a whole number from 1'],
])('%j is refused', async (space, message) => {
  await expect(read(space)).rejects.toThrow(`space.json: ${message}`);
});

test('floats in whole steps may be values of a whole number', async () => {
  expect(await read({ epochs: { type: 'float', low: 1, high: 9, step: 2 } })).toHaveProperty('epochs');
});
