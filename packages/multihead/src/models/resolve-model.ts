/** @file Resolution of model names, for code that runs outside of Node, too. */
export { resolveModel } from '#hub';
export type { DownloadEvent, ResolveOptions } from '../hub/options.js';
