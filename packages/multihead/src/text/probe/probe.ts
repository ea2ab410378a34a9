/** @file What tries an unknown tokenizer before it is loaded: a process on Node, nothing in browsers. */

/**
 * Tries a tokenizer.json; each module behind `#tokenizer-probe` exports one as `probeTokenizer`.
 *
 * @param text  the file's contents, which are JSON
 * @param where its name, for errors
 * @throws UserError where a tokenizer of it ends its process, or takes far more time or memory than texts of that length need
 */
export type ProbeTokenizer = (text: string, where: string) => Promise<void>;
