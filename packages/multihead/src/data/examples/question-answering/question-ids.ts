/** @file Ids of questions, also for those without one. */
import type { QuestionAnsweringExample } from './squad.js';

/** A question with an id. */
export type NamedQuestion = QuestionAnsweringExample & { readonly id: string };

/** Gives each example an id: its own, or else its index in the list, from 0. */
export const withIds = (examples: readonly QuestionAnsweringExample[]): NamedQuestion[] =>
  examples.map((example, index) => ({ ...example, id: example.id ?? `${index}` }));
