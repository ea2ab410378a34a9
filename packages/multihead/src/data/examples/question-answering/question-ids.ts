/** @file Questions by name, also those that have none. */
import type { QuestionAnsweringExample } from './squad.js';

/** A question that has a name. */
export type NamedQuestion = QuestionAnsweringExample & { readonly id: string };

/** Examples with an id each: where they have none, their number in the list, from 0. */
export const withIds = (examples: readonly QuestionAnsweringExample[]): NamedQuestion[] =>
  examples.map((example, index) => ({ ...example, id: example.id ?? `${index}` }));
