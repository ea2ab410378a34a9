import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoTokenizer, BertConfig, BertModel } from 'multihead';
import { describe, expect, test } from 'vitest';
import { studentOf } from './student.js';

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

function tokenizerOf(tokens: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'multihead-student-'));
  writeFileSync(join(folder, 'vocab.txt'), [...special, ...tokens].join('\n'));
  return AutoTokenizer.fromPretrained(folder);
}

describe('a student', () => {
  test('has its layers, inner units and embeddings of its teacher', async () => {
    const teacherTokenizer = await tokenizerOf(['a', 'b', 'c']);
    const tokenizer = await tokenizerOf(['c', '好']);
    const size = { hidden_size: 4, num_attention_heads: 2, num_hidden_layers: 3, intermediate_size: 6 };
    const config = BertConfig.fromJson(
      { model_type: 'bert', vocab_size: 8, max_position_embeddings: 8, ...size },
      'teacher',
    );
    const teacher = BertModel.fromConfig(config, { seed: 7 });
    const inner = teacher.weights.view('encoder.layer.2.intermediate.dense.weight'); // [6, 4]
    for (const unit of [1, 4]) inner.fill(unit, unit * 4, (unit + 1) * 4);
    const student = studentOf(teacher, { teacherTokenizer, tokenizer }, { layers: [0, 2], intermediateSize: 2 });
    const [of, by] = [student.weights, teacher.weights];
    expect(student.config).toMatchObject({ numHiddenLayers: 2, intermediateSize: 2, vocabSize: 7, hiddenSize: 4 });
    const table = 'embeddings.word_embeddings.weight';
    expect(of.view(`bert.${table}`).subarray(5 * 4, 6 * 4)).toEqual(by.view(table).subarray(7 * 4));
    expect(of.view(`bert.${table}`).subarray(0, 5 * 4)).toEqual(by.view(table).subarray(0, 5 * 4));
    const layer = 'bert.encoder.layer.1.';
    const same = 'attention.self.query.weight';
    expect(of.view(layer + same)).toEqual(by.view(`encoder.layer.2.${same}`));
    expect(Array.from(of.view(`${layer}intermediate.dense.weight`))).toEqual([1, 1, 1, 1, 4, 4, 4, 4]);
    const out = by.view('encoder.layer.2.output.dense.weight'); // [4, 6]
    expect(Array.from(of.view(`${layer}output.dense.weight`))).toEqual(
      [0, 1, 2, 3].flatMap((row) => [out[row * 6 + 1], out[row * 6 + 4]]),
    );
    expect(of.view('bert.pooler.dense.weight')).toEqual(by.view('pooler.dense.weight'));
  });
});
