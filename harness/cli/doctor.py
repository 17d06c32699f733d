"""`harness doctor`: what on this machine is missing or wrong, and the mend."""

import json

import click


@click.command()
@click.option("--json", "json_", is_flag=True, help="One JSON object instead.")
def doctor(json_: bool) -> int:
    """Say what on this machine is missing or wrong.

    Each line is ok, or says what to do. Exit status 0 if all that is needed is there.
    """
    from dataclasses import asdict

    from harness.apps.doctor import examine
    from harness.views import visible

    findings = examine()
    healthy = all(one.ok for one in findings if one.needed)
    if json_:
        click.echo(json.dumps({"ok": healthy, "findings": [asdict(one) for one in findings]}, indent=2))
        return 0 if healthy else 1
    for one in findings:
        mark = click.style("ok", fg="green") if one.ok else click.style("--", fg="red" if one.needed else "yellow")
        mend = f": {one.mend}" if not one.ok else ""
        optional = " (not needed)" if not one.ok and not one.needed else ""
        click.echo(f"{mark}  {one.check:<11}{visible(one.found)}{optional}{visible(mend)}")
    return 0 if healthy else 1
