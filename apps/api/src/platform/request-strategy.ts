import type { FastifyRequest } from 'fastify';
import passport from 'passport';

type Done = (error: unknown, user?: unknown) => void;
type Verify = (request: FastifyRequest, done: Done) => void;

/**
 * A passport strategy that hands over the whole request. `validate` answers the caller, or null when the request
 * carries nothing for this strategy (the next one is tried), or throws to refuse.
 */
export class RequestStrategy extends passport.Strategy {
  declare fail: () => void;
  declare success: (user: object) => void;
  declare error: (error: unknown) => void;

  constructor(private readonly verify: Verify) {
    super();
  }

  override authenticate(request: unknown): void {
    this.verify(request as FastifyRequest, (error, user) => {
      if (error) this.error(error);
      else if (user) this.success(user);
      else this.fail();
    });
  }
}
