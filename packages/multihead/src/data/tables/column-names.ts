/** @file The columns of a table with a header: by the names that the user gave, or by those that data sets usually have. */
import { UserError } from '../../platform/errors.js';

/** A column by its name, or by its number counted from 0 (a string of digits counts as a number too). */
export type ColumnReference = string | number;

/** What a column is for. */
export type Role = ClassificationRole | QuestionRole | TokenRole;

/** What the columns of texts with labels are for. */
export type ClassificationRole = 'text' | 'textPair' | 'label';

/** What the columns of questions are for. */
export type QuestionRole = 'question' | 'context' | 'answers' | 'answerStart' | 'id' | 'title' | 'isImpossible';

/** What the columns of sentences with a tag a word are for. */
export type TokenRole = 'tokens' | 'tags';

const classificationRoles: readonly ClassificationRole[] = ['text', 'textPair', 'label'];

/** The columns that the user named; the others are found. */
export type WantedColumns = { readonly [role in Role]?: ColumnReference | undefined };

/** The column of each role, counted from 0. */
export type FoundColumns = { [role in Role]?: number };

/** The option that names a role's column, as messages name it; those of answers' details have only their usual names. */
export const optionsOfRoles: Readonly<Record<Role, string>> = {
  text: '`text`',
  textPair: '`textPair`',
  label: '`label`',
  question: '`question`',
  context: '`context`',
  answers: '`answers`',
  answerStart: 'answer_start',
  id: 'id',
  title: 'title',
  isImpossible: 'is_impossible',
  tokens: '`tokens`',
  tags: '`tags`',
};

/** Usual names, in lower case. The first of each is so plain that it wins over the others. */
const usualNames: Record<Role, readonly string[]> = {
  text: [
    ...['text', 'sentence', 'sentence1', 'text_a', 'text1', 'review', 'question', 'question1', 'content', 'utterance'],
    ...['query', 'premise', 'comment', 'message', 'tweet', 'headline', 'news', 'body', 'document'],
    ...['文本', '正文', '内容', '评论', '句子', '问题'],
  ],
  textPair: ['text_pair', 'sentence2', 'text_b', 'text2', 'question2', 'hypothesis'],
  label: [
    ...['label', 'labels', 'category', 'intent', 'class', 'sentiment', 'target', 'score', 'similarity', 'stars'],
    ...['标签', '类别', '分类', '情感'],
  ],
  question: ['question', 'query', '问题'],
  context: ['context', 'passage', 'paragraph', 'document', '上下文'],
  answers: ['answers', 'answer', 'answer_text', '答案'],
  answerStart: ['answer_start'],
  id: ['id', 'qid', 'question_id'],
  title: ['title'],
  isImpossible: ['is_impossible'],
  tokens: ['tokens', 'words', 'token', 'word'],
  tags: ['ner_tags', 'tags', 'labels', 'tag', 'label', 'ner'],
};

const lower = (name: unknown) => String(name).trim().toLowerCase();

/** Whether a cell is a usual name of a column of texts or labels. */
export function isUsualName(cell: unknown): boolean {
  return classificationRoles.some((role) => usualNames[role].includes(lower(cell)));
}

/** What a usual name stands for, of texts with labels. */
export function usualRole(cell: unknown): ClassificationRole | undefined {
  return classificationRoles.find((role) => usualNames[role].includes(lower(cell)));
}

/** Whether a cell is a name that the user gave; a number is none, as it may be a label just as well. */
export function isWantedName(cell: unknown, wanted: WantedColumns): boolean {
  return Object.values(wanted).some(
    (name) => name !== undefined && columnNumber(name) === undefined && lower(name) === lower(cell),
  );
}

/**
 * Finds the columns in a header. Names are compared without regard to case.
 *
 * @param header the names of the columns
 * @param wanted the columns that the user named
 * @param path   the file's name, for errors
 * @param roles  what columns are looked for
 * @throws UserError for a named column that is not there or there twice, and where several usual names fit a role
 * @example
 * findByName(['label', 'text_a'], { text: undefined, textPair: undefined, label: undefined }, 'dev.tsv')
 * // { text: 1, label: 0 }
 */
export function findByName(
  header: readonly unknown[],
  wanted: WantedColumns,
  path: string,
  roles: readonly Role[] = classificationRoles,
): FoundColumns {
  const found: FoundColumns = {};
  for (const role of roles) {
    const name = wanted[role];
    if (name !== undefined) found[role] = indexOfWanted(header, role, name, path);
  }
  for (const role of roles) {
    const taken = new Set(Object.values(found));
    const index = found[role] ?? indexOfUsual(header, role, taken, path);
    if (index !== undefined) found[role] = index;
  }
  return found;
}

function indexOfWanted(header: readonly unknown[], role: Role, name: ColumnReference, path: string): number {
  const same = header.flatMap((column, index) => (lower(column) === lower(name) ? [index] : []));
  if (same.length > 1) throw new UserError(`${path}: ${same.length} columns are named ${JSON.stringify(name)}`);
  const index = same[0] ?? columnNumber(name);
  if (index !== undefined && index < header.length) return index;
  throw new UserError(
    `${path}: no column ${JSON.stringify(name)} (${optionsOfRoles[role]}). The columns are ${listColumns(header)}.`,
  );
}

/** The number that a reference is, if it is one. */
export function columnNumber(reference: ColumnReference): number | undefined {
  return /^\d+$/.test(String(reference)) ? Number(reference) : undefined;
}

function indexOfUsual(
  header: readonly unknown[],
  role: Role,
  taken: ReadonlySet<number | undefined>,
  path: string,
): number | undefined {
  const usual = usualNames[role];
  const fitting = header.flatMap((name, index) => (usual.includes(lower(name)) && !taken.has(index) ? [index] : []));
  const plain = fitting.filter((index) => lower(header[index]) === usual[0]);
  const [only, another] = plain.length > 0 ? plain : fitting;
  if (another === undefined) return only;
  const names = fitting.map((index) => header[index]);
  throw new UserError(`${path}: the ${role} could be ${listColumns(names)}. Name the one by ${optionsOfRoles[role]}`);
}

/** The names of columns for an error. */
export function listColumns(header: readonly unknown[]): string {
  return header.map((name) => JSON.stringify(name)).join(', ');
}
