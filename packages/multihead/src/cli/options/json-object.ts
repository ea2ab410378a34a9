/** @file Flags whose value is a JSON object. */
import { InvalidArgumentError } from 'commander';

/** A flag's JSON object. */
export function jsonObject(text: string): object {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It is not valid JSON: ${(error as Error).message}.`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new InvalidArgumentError('A JSON object was expected, such as {"name": 3}.');
  }
  return json;
}
