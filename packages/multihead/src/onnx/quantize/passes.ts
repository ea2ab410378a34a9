/** @file The passes that rewrite a graph of float32 in another number format, by name. */
import { inFloat16 } from './float16.js';
import { int4Matrices } from './int4-matrices.js';
import { int8ByBatch, int8ByRow } from './int8-matrices.js';
import type { GraphPass } from './rewrite-graph.js';

/** The passes; `models/dtypes.ts` says which make a format. */
export const passes = { inFloat16, int8ByRow, int8ByBatch, int4Matrices } satisfies Readonly<Record<string, GraphPass>>;

/** The name of a pass. */
export type PassName = keyof typeof passes;
