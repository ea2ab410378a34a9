import { describe, expect, test } from 'vitest';
import { MistralConfig, Qwen2Config, Qwen3Config, SmolLM3Config } from '../../../index.js';

const sizes = { numHiddenLayers: 4, hiddenSize: 16, numAttentionHeads: 2 };
const [full, sliding] = ['full_attention', 'sliding_attention'];

describe('which layers attend to a window', () => {
  test('Qwen2: those from maxWindowLayers on, where there is a window', () => {
    expect(new Qwen2Config(sizes)).toMatchObject({ slidingWindow: null, layerTypes: [full, full, full, full] });
    const config = new Qwen2Config({ ...sizes, useSlidingWindow: true, maxWindowLayers: 3 });
    expect(config).toMatchObject({ slidingWindow: 4096, layerTypes: [full, full, full, sliding] });
    expect(Qwen2Config.replace(config, { maxWindowLayers: 1, numHiddenLayers: 3 }).layerTypes).toEqual([
      ...[full, sliding, sliding],
    ]);
    expect(Qwen2Config.replace(config, { slidingWindow: 8 })).toMatchObject({
      slidingWindow: 8,
      layerTypes: config.layerTypes,
    });
  });

  test('SmolLM3: those without positions, where there is a window', () => {
    expect(new SmolLM3Config(sizes)).toMatchObject({
      noRopeLayers: [1, 1, 1, 0],
      layerTypes: [full, full, full, full],
    });
    const config = new SmolLM3Config({ ...sizes, useSlidingWindow: true, slidingWindow: 8, noRopeLayerInterval: 2 });
    expect(config).toMatchObject({ noRopeLayers: [1, 0, 1, 0], layerTypes: [full, sliding, full, sliding] });
    expect(SmolLM3Config.replace(config, { numHiddenLayers: 3 })).toMatchObject({
      noRopeLayers: [1, 0, 1],
      layerTypes: [full, sliding, full],
    });
  });

  test('Mistral: all, unless the window is null', () => {
    expect(MistralConfig.fromJson({}).slidingWindow).toBe(4096);
    expect(MistralConfig.fromJson({ sliding_window: null }).slidingWindow).toBe(null);
    expect(MistralConfig.fromJson(MistralConfig.toJson(new MistralConfig({ slidingWindow: null }))).slidingWindow).toBe(
      null,
    );
  });

  test.each<[string, unknown, RegExp]>([
    ['too few', { layer_types: [full] }, /layer_types is \["full_attention"\]; expected a list of 32 names/],
    ['no list', { layer_types: 'full_attention' }, /layer_types is "full_attention"; expected a list of 32 names/],
    ['another kind', { num_hidden_layers: 1, layer_types: ['linear'] }, /each full_attention or sliding_attention/],
    [
      'a window without a size',
      { num_hidden_layers: 1, layer_types: [sliding] },
      /expected full_attention alone, since there is no sliding window/,
    ],
    [
      'a first layer that is none',
      { max_window_layers: -1 },
      /max_window_layers is -1; expected a whole number from 0/,
    ],
  ])('%s is refused', (_, json, message) => {
    expect(() => Qwen3Config.fromJson(json, 'c')).toThrow(message);
  });

  test('a list of layers without positions that is none is refused', () => {
    const json = { num_hidden_layers: 2, no_rope_layers: [1, 2] };
    expect(() => SmolLM3Config.fromJson(json, 'c')).toThrow(/no_rope_layers is \[1,2\]; expected a list of 2 numbers/);
  });
});

test('heads of keys and values that a family has by default, where they divide the heads', () => {
  expect(new MistralConfig({ numAttentionHeads: 16, hiddenSize: 64 }).numKeyValueHeads).toBe(8);
  expect(new MistralConfig({ numAttentionHeads: 4, hiddenSize: 64 }).numKeyValueHeads).toBe(4);
});
