import { describe, expect, test } from 'vitest';
import { maskedChecksum } from './tensorboard.js';

describe('the checksum of TensorFlow records', () => {
  // tensorflow.core.lib.hash.crc32c_test: crc32c of 32 zeros is 0x8a9136aa, of 32 bytes 0xff 0x62a8ab43; masked as in
  // tensorboard.compat.tensorflow_stub.pywrap_tensorflow.masked_crc32c.
  const masked = (crc: number) => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  test.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes 0xff', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['"123456789"', new TextEncoder().encode('123456789'), 0xe3069283],
  ])('of %s is right', (_, bytes, crc) => {
    expect(maskedChecksum(bytes)).toBe(masked(crc));
  });
});
