/** @file Models by name, for the rooms that know no Node. */
export { resolveModel } from '#hub';
export type { DownloadEvent, ResolveOptions } from '../hub/options.js';
