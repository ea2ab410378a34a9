/** @file The table of optimizers in the documentation, made of the registry. */
import type { OptimizerDefinition } from '../engine/optimizers/optimizer.js';
import { builtInOptimizers } from '../engine/optimizers/registry.js';
import { describeOptions, shownDefault } from '../platform/option-schemas.js';

/** Markdown: a section for each optimizer. */
export const optimizerTables = (): string => builtInOptimizers.map(section).join('\n');

function section(definition: OptimizerDefinition): string {
  const { name, aliases = [], description, create, settings } = definition;
  const state = Object.keys(create(settings.parse({})).state).map((each) => `\`${each}\``);
  const rows = describeOptions(settings).map(
    (each) =>
      `| \`${each.name}\` | ${shownDefault(each) ?? each.default ?? 'none'} | ${each.expected} | ${each.description} |`,
  );
  return [
    `### ${name}\n`,
    description,
    ...(aliases.length > 0 ? [`Transformers' names: ${aliases.map((each) => `\`${each}\``).join(', ')}.`] : []),
    `State by default: ${state.join(', ') || 'none'}.\n`,
    ...(rows.length > 0 ? ['| setting | default | limits | |', '| --- | --- | --- | --- |', ...rows] : []),
    '',
  ].join('\n');
}
