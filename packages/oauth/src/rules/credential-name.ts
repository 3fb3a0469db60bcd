/** How a credential is called in a sentence: by its label, else by what can be recognised of it. */
export const credentialName = ({ label, hint }: { readonly label: string | null; readonly hint: string }): string =>
  label === null ? hint : `‘${label}’`;
