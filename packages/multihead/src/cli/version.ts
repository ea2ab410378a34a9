/** @file The version of the package. */
import { fileURLToPath } from 'node:url';
import { readTextNow } from '#files';

const path = fileURLToPath(new URL('../../package.json', import.meta.url));

/** As package.json has it. */
export const { version } = JSON.parse(readTextNow(path)) as { readonly version: string };
