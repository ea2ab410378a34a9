/** @file The small causal language models in fixtures/causal, which bench/peers/causal_fixtures.py writes. Not part of the package. */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../fixtures/causal', import.meta.url));

/** The folder of a model. */
export const causalFixture = (name: string): string => `${root}/${name}`;

/** The names of all models or, given a file, of those whose folder holds it. */
export const causalFixtures = (file = 'config.json'): string[] =>
  readdirSync(root).filter((name) => existsSync(`${root}/${name}/${file}`));
