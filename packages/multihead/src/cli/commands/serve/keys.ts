/** @file API keys on the command line. */
import { randomBytes } from 'node:crypto';
import { exists, readText, writeAtomically } from '#files';
import { UserError } from '../../../platform/errors.js';
import { hashOfKey } from '../../../server/http/api-keys.js';
import { print } from '../../output/print.js';

/** Keys of the environment variable MULTIHEAD_API_KEYS, by the names that logs show; undefined where there are none. */
export function keysOfEnvironment(): Record<string, string> | undefined {
  const keys = (process.env.MULTIHEAD_API_KEYS ?? '').split(',').filter((key) => key.trim() !== '');
  if (keys.length === 0) return undefined;
  return Object.fromEntries(keys.map((key, i) => [`environment-${i + 1}`, key.trim()]));
}

/** Makes a key, adds its hash to a file, and prints it: it is not kept anywhere. */
export async function makeKey(name: string, file: string | undefined): Promise<void> {
  if (file === undefined) throw new UserError('--new-api-key goes with --api-keys FILE');
  if (!/^[\w.-]{1,64}$/.test(name)) {
    throw new UserError(`--new-api-key is "${name}"; expected a name of letters, digits, points, - and _`);
  }
  const before = (await exists(file)) ? await readText(file) : '';
  if (before.split('\n').some((line) => line.startsWith(`${name} `))) {
    throw new UserError(`${file}: there is a key of the name ${name} already; remove its line, or choose another name`);
  }
  const key = `mh-${randomBytes(24).toString('hex')}`;
  const text = `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${name} ${hashOfKey(key)}\n`;
  await writeAtomically(file, text);
  print(key);
}
