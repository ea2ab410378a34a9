/**
 * @file How special tokens are put around one text or between two: [CLS] A [SEP] B [SEP], as tokenizer.json's
 * post-processor says.
 */
import { UserError } from '../../platform/errors.js';

/** A special token, or the place of the first (A) or second (B) text; with the segment that it belongs to. */
export type TemplatePiece =
  | { readonly special: { readonly id: number; readonly token: string }; readonly typeId: number }
  | { readonly sequence: 'A' | 'B'; readonly typeId: number };

/** The arrangement of one text, and of two. */
export interface Template {
  readonly single: readonly TemplatePiece[];
  readonly pair: readonly TemplatePiece[];
}

const plain: Template = {
  single: [{ sequence: 'A', typeId: 0 }],
  pair: [
    { sequence: 'A', typeId: 0 },
    { sequence: 'B', typeId: 1 },
  ],
};

/**
 * Reads the template out of tokenizer.json's `post_processor`. Without one, texts stand alone.
 *
 * @param where the file's name, for errors
 * @throws UserError for a post-processor of a type that is not known, or without its tokens
 * @example
 * readTemplate({ type: 'BertProcessing', cls: ['[CLS]', 101], sep: ['[SEP]', 102] }, 'tokenizer.json').single.length   // 3
 */
export function readTemplate(processor: unknown, where: string): Template {
  if (processor === undefined || processor === null) return plain;
  const { type, processors, cls, sep, single, pair, special_tokens } = fieldsOf(processor);
  if (type === 'Sequence' && Array.isArray(processors)) {
    return readTemplate(
      processors.findLast((processor) => fieldsOf(processor).type !== 'ByteLevel'),
      where,
    );
  }
  if (type === 'ByteLevel') return plain;
  if (type === 'BertProcessing' && isToken(cls) && isToken(sep)) return bertTemplate(cls, sep);
  if (type === 'RobertaProcessing' && isToken(cls) && isToken(sep)) return robertaTemplate(cls, sep);
  if (type === 'TemplateProcessing' && Array.isArray(single) && Array.isArray(pair)) {
    const read = (raw: unknown) => readPiece(raw, fieldsOf(special_tokens), where);
    const template = { single: single.flatMap(read), pair: pair.flatMap(read) };
    if (!template.single.some((piece) => 'sequence' in piece && piece.sequence === 'B')) return template;
    throw new UserError(`${where}: post_processor.single has the place of a second text, B; single is for one text`);
  }
  throw new UserError(
    `${where}: post_processor is of type ${JSON.stringify(type)}; expected TemplateProcessing, ` +
      'BertProcessing, RobertaProcessing or ByteLevel, with its tokens',
  );
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const isToken = (value: unknown): value is readonly [string, number] =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && Number.isSafeInteger(value[1]);

/** One element of `single` or `pair`: the place of a text, or the tokens that a special token stands for. */
function readPiece(raw: unknown, definitions: Readonly<Record<string, unknown>>, where: string): TemplatePiece[] {
  const { Sequence, SpecialToken } = fieldsOf(raw);
  const { id, type_id: typeId } = fieldsOf(Sequence ?? SpecialToken);
  if (typeof id !== 'string' || !Number.isSafeInteger(typeId) || (Sequence && id !== 'A' && id !== 'B')) {
    throw new UserError(
      `${where}: post_processor has the piece ${JSON.stringify(raw)}; expected such as ` +
        '{"Sequence": {"id": "A", "type_id": 0}} or {"SpecialToken": {"id": "[CLS]", "type_id": 0}}',
    );
  }
  if (Sequence) return [{ sequence: id as 'A' | 'B', typeId: typeId as number }];
  if (!Object.hasOwn(definitions, id)) {
    throw new UserError(`${where}: post_processor uses the token ${id}, which its special_tokens do not define`);
  }
  const { ids, tokens } = fieldsOf(definitions[id]);
  if (!Array.isArray(ids) || !Array.isArray(tokens) || ids.some((id, i) => !isToken([tokens[i], id]))) {
    throw new UserError(
      `${where}: post_processor.special_tokens defines ${id} as ${JSON.stringify(definitions[id])}; expected a list ` +
        'of ids and one of tokens',
    );
  }
  return ids.map((id: number, i) => ({ special: { id, token: tokens[i] as string }, typeId: typeId as number }));
}

/** [CLS] A [SEP] and [CLS] A [SEP] B [SEP], the second text and its [SEP] being segment 1 (Devlin et al. 2019). */
function bertTemplate([cls, clsId]: readonly [string, number], [sep, sepId]: readonly [string, number]): Template {
  const first = { special: { id: clsId, token: cls }, typeId: 0 };
  const end = (typeId: number) => ({ special: { id: sepId, token: sep }, typeId });
  const single: TemplatePiece[] = [first, { sequence: 'A', typeId: 0 }, end(0)];
  return { single, pair: [...single, { sequence: 'B', typeId: 1 }, end(1)] };
}

/** <s> A </s> and <s> A </s></s> B </s>, all of one segment (Liu et al. 2019). */
function robertaTemplate([cls, clsId]: readonly [string, number], [sep, sepId]: readonly [string, number]): Template {
  const first = { special: { id: clsId, token: cls }, typeId: 0 };
  const end = { special: { id: sepId, token: sep }, typeId: 0 };
  const single: TemplatePiece[] = [first, { sequence: 'A', typeId: 0 }, end];
  return { single, pair: [...single, end, { sequence: 'B', typeId: 0 }, end] };
}
