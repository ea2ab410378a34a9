/** @file The version of the package. */
import { readFileSync } from 'node:fs';

const path = new URL('../../package.json', import.meta.url);

/** As package.json has it. */
export const { version } = JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string };
