/** @file Fields of parsed JSON by their path, with their types checked: `data[3].paragraphs[0].context: a string ...`. */
import { UserError } from '../errors.js';
import { showValue } from '../show-value.js';

/** A value somewhere in a JSON file. */
export interface JsonNode {
  /** File and path in it, for errors: `train.json: data[3].title`. */
  readonly where: string;
  readonly value: unknown;
}

/** The root of a file's JSON. */
export const rootOf = (value: unknown, path: string): JsonNode => ({ where: `${path}: `, value });

/**
 * A field of an object; its value is undefined if the object has none of that name.
 *
 * @throws UserError if the node is no object
 */
export function field(node: JsonNode, name: string): JsonNode {
  if (typeof node.value !== 'object' || node.value === null || Array.isArray(node.value)) fail(node, 'an object');
  const separator = node.where.endsWith(': ') ? '' : '.';
  const value: unknown = Object.hasOwn(node.value, name) ? Reflect.get(node.value, name) : undefined;
  return { where: `${node.where}${separator}${name}`, value };
}

/** The elements of an array. @throws UserError if the node is no array */
export function elements(node: JsonNode, expected = 'an array'): JsonNode[] {
  if (!Array.isArray(node.value)) fail(node, expected);
  return node.value.map((value: unknown, index) => ({ where: `${node.where}[${index}]`, value }));
}

/** A string. @throws UserError if the node is none */
export function string(node: JsonNode): string {
  if (typeof node.value !== 'string') fail(node, 'a string');
  return node.value;
}

/** A string with something else than white space in it. @throws UserError if the node is none */
export function filledString(node: JsonNode): string {
  const text = string(node);
  if (text.trim() === '') fail(node, 'a string with text in it');
  return text;
}

/** A whole number. @throws UserError if the node is none */
export function wholeNumber(node: JsonNode): number {
  if (typeof node.value !== 'number' || !Number.isSafeInteger(node.value)) fail(node, 'a whole number');
  return node.value;
}

/** Refuses a node: the error gives its place, the expected and the actual value. */
export function fail(node: JsonNode, expected: string): never {
  const place = node.where.endsWith(': ') ? node.where.slice(0, -2) : node.where;
  throw new UserError(`${place}: ${expected} was expected, not ${describe(node.value)}`);
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing (the field is missing)';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null)
    return `an object with ${Object.keys(value).join(', ') || 'no fields'}`;
  const text = showValue(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
