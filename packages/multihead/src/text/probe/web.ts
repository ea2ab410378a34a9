/** @file In browsers a tokenizer runs in JavaScript: it cannot end more than its own page. On Node: `node.ts`. */
import type { ProbeTokenizer } from './probe.js';

/** Probes nothing. */
export const probeTokenizer: ProbeTokenizer = async () => undefined;
