/**
 * @file How special tokens are put around one text or between two: [CLS] A [SEP] B [SEP], as tokenizer.json's
 * post-processor says.
 */
import { UserError } from '../errors.js';

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

interface Processor {
  readonly type: string;
  readonly processors?: readonly Processor[];
  readonly cls?: readonly [string, number];
  readonly sep?: readonly [string, number];
  readonly single?: readonly RawPiece[];
  readonly pair?: readonly RawPiece[];
  readonly special_tokens?: Readonly<
    Record<string, { readonly ids: readonly number[]; readonly tokens: readonly string[] }>
  >;
}

type RawPiece =
  | { readonly SpecialToken: { readonly id: string; readonly type_id: number } }
  | { readonly Sequence: { readonly id: 'A' | 'B'; readonly type_id: number } };

/**
 * Reads the template out of tokenizer.json's `post_processor`. Without one, texts stand alone.
 *
 * @param where the file's name, for errors
 * @throws UserError for a post-processor of a type that is not known, or without its tokens
 * @example
 * readTemplate({ type: 'BertProcessing', cls: ['[CLS]', 101], sep: ['[SEP]', 102] }, 'tokenizer.json').single.length   // 3
 */
export function readTemplate(processor: unknown, where: string): Template {
  if (!processor) return plain;
  const { type, processors, cls, sep, single, pair, special_tokens } = processor as Processor;
  if (type === 'Sequence') {
    const last = processors?.findLast(({ type }) => type !== 'ByteLevel');
    return readTemplate(last, where);
  }
  if (type === 'ByteLevel') return plain;
  if (type === 'BertProcessing' && cls && sep) return bertTemplate(cls, sep);
  if (type === 'RobertaProcessing' && cls && sep) return robertaTemplate(cls, sep);
  if (type === 'TemplateProcessing' && single && pair && special_tokens) {
    const piece = (raw: RawPiece): TemplatePiece[] => {
      if ('Sequence' in raw) return [{ sequence: raw.Sequence.id, typeId: raw.Sequence.type_id }];
      const { id, type_id: typeId } = raw.SpecialToken;
      const definition = special_tokens[id];
      if (!definition) {
        throw new UserError(`${where}: post_processor uses the token ${id}, which its special_tokens do not define`);
      }
      const { ids, tokens } = definition;
      return ids.map((id, i) => ({ special: { id, token: tokens[i] as string }, typeId }));
    };
    return { single: single.flatMap(piece), pair: pair.flatMap(piece) };
  }
  throw new UserError(
    `${where}: post_processor is of type ${JSON.stringify(type)}; expected TemplateProcessing, ` +
      'BertProcessing, RobertaProcessing or ByteLevel, with its tokens',
  );
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
