type Ask = () => Promise<boolean>;

let ask: Ask = async () => false;

/** Who asks for a fresh proof when the api wants one; answers whether it was given. */
export const whenProofIsWanted = (asked: Ask) => {
  ask = asked;
};

let asking: Promise<boolean> | null = null;

/** One dialog for all requests that wait for it. */
export const proveAgain = () => {
  asking ??= ask().finally(() => {
    asking = null;
  });
  return asking;
};
