/** @file Restores the weights of a running model from a file. */
import type { Engine, ParameterPlace } from '../../engine/engine.js';
import { SafetensorsFile } from '../../models/checkpoint/safetensors.js';

/** Restores weights from a file. */
export async function restoreWeights(path: string, engine: Engine, places: readonly ParameterPlace[]): Promise<void> {
  const weights = await SafetensorsFile.open(path);
  const { data } = await engine.readParameters();
  for (const { name, offset, length } of places) {
    await weights.readFloat32(name, data.subarray(offset, offset + length));
  }
  await engine.writeParameters(data);
}
