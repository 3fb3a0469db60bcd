import classes from './scope-names.module.css';

export const ScopeNames = ({ scopes }: { scopes: string[] }) => (
  <ul className={classes.list}>
    {scopes.map((name) => (
      <li key={name} className={classes.scope}>
        {name}
      </li>
    ))}
  </ul>
);
