/** @file The arrangement of texts that begin with a token, such as <s>: a post-processor of tokenizer.json. */

const piece = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
const text = (id: 'A' | 'B', type_id: number) => ({ Sequence: { id, type_id } });

/**
 * A token before each text.
 *
 * @param id the token's number
 */
export const beginning = (token: string, id: number): Readonly<Record<string, unknown>> => ({
  type: 'TemplateProcessing',
  single: [piece(token, 0), text('A', 0)],
  pair: [piece(token, 0), text('A', 0), piece(token, 1), text('B', 1)],
  special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } },
});
