// Writes the tables of options in the documentation, which are made of the schemas that declare them: npm run docs:options
import { readFileSync, writeFileSync } from 'node:fs';
import { optimizerTables } from '../packages/multihead/dist/testing/optimizer-table.js';
import { generationOptionTable, trainingOptionTables } from '../packages/multihead/dist/testing/option-tables.js';

const pages = [
  ['training-options', '\n## All options\n\n', trainingOptionTables],
  ['generation-options', '\n## All options\n\n', generationOptionTable],
  ['optimizers', '\n## Which there are\n\n', optimizerTables],
];

for (const [name, heading, tables] of pages) {
  const page = new URL(`../docs/${name}.md`, import.meta.url);
  const [introduction] = readFileSync(page, 'utf8').split(heading);
  writeFileSync(page, introduction + heading + tables());
}
