"""The random numbers of Park and Miller (1988), which tests draw too (src/testing/park-miller.ts), so that fixtures need not
hold the cases, only what is expected of them."""


class ParkMiller:
    """A generator for a case: the numbers from 1 on. The first draws of small seeds are all small; they are thrown away."""

    def __init__(self, seed: int) -> None:
        self.state = seed
        for _ in range(3):
            self.below(1)

    def below(self, limit: int) -> int:
        """A whole number from 0 to below the limit."""
        self.state = self.state * 48271 % 2147483647
        return int(self.state / 2147483647 * limit)
