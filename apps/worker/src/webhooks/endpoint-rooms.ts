/** Failures in a row after which an endpoint is tried with one delivery at a time. */
const DOUBTFUL_AFTER = 3;

interface Endpoint {
  underWay: number;
  failuresInRow: number;
}

/**
 * How many attempts may be under way, in all and per endpoint. One that only fails keeps a single place, so that endpoints
 * that hang cannot take the places of the others.
 */
export class EndpointRooms {
  private readonly endpoints = new Map<string, Endpoint>();
  private underWay = 0;
  private whenEmpty: () => void = () => undefined;

  constructor(
    private readonly places: number,
    private readonly placesPerEndpoint: number,
  ) {}

  get free(): number {
    return this.places - this.underWay;
  }

  /** The places left of each endpoint that has fewer than all. */
  perEndpoint(): Map<string, number> {
    const left = [...this.endpoints].map(([id, endpoint]): [string, number] => {
      const places = endpoint.failuresInRow >= DOUBTFUL_AFTER ? 1 : this.placesPerEndpoint;
      return [id, Math.max(0, places - endpoint.underWay)];
    });
    return new Map(left);
  }

  /** Takes a place. @returns what gives it back, with the outcome */
  enter(id: string): (delivered: boolean) => void {
    const endpoint = this.endpoints.get(id) ?? { underWay: 0, failuresInRow: 0 };
    this.endpoints.set(id, endpoint);
    endpoint.underWay++;
    this.underWay++;
    return (delivered) => {
      endpoint.underWay--;
      this.underWay--;
      endpoint.failuresInRow = delivered ? 0 : endpoint.failuresInRow + 1;
      if (endpoint.underWay === 0 && endpoint.failuresInRow === 0) this.endpoints.delete(id);
      if (this.underWay === 0) this.whenEmpty();
    };
  }

  /** Resolves when nothing is under way. */
  async empty(): Promise<void> {
    if (this.underWay === 0) return;
    await new Promise<void>((resolve) => {
      this.whenEmpty = resolve;
    });
  }
}
