/** @file Tables of options in the documentation, made of the schemas that declare them. */
import { generationSchema } from '../inference/generation/generation-schema.js';
import { describeOptions, type OptionDescription, shownDefault } from '../platform/option-schemas.js';
import { trainingMethods } from '../training/methods/registry.js';
import { trainingSchema } from '../training/trainer/training-schema.js';

const head = ['| option | default | limits | |', '| --- | --- | --- | --- |'];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function row(option: OptionDescription): string {
  const { name, description, default: value, expected } = option;
  const usual = shownDefault(option) ?? (value === undefined ? '' : JSON.stringify(value));
  return `| \`${name}\` | ${cell(usual)} | ${cell(expected)} | ${cell(description)} |`;
}

/** Markdown: docs/generation-options.md behind its introduction. */
export const generationOptionTable = (): string =>
  [...head, ...describeOptions(generationSchema).map(row), ''].join('\n');

/** Markdown: docs/training-options.md behind its introduction. */
export function trainingOptionTables(): string {
  const methods = trainingMethods().flatMap(({ name, description, settings }) => [
    `### ${name}\n`,
    `${description[0]?.toUpperCase()}${description.slice(1)}.\n`,
    ...(settings ? [...head, ...describeOptions(settings).map(row), ''] : []),
  ]);
  return [...[...head, ...describeOptions(trainingSchema).map(row), ''], ...['## Methods\n', ...methods]].join('\n');
}
