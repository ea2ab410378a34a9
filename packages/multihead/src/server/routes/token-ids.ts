/** @file Token ids in requests. */
import { z } from 'zod';

/** A token id: a whole number below 2^31. */
export const tokenId = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);
