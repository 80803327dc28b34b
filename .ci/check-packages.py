"""Looks inside the packed packages: what an adopter, a debugger and nuget.org expect to find, and nothing else."""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree
import zipfile

DEPENDENCIES = {
    "PayPerUse.Core": {"Polly", "QRCoder"},
    # No database provider: the adopter brings the one they use.
    "PayPerUse.EfCore": {"PayPerUse.Core", "Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.Relational"},
    "PayPerUse.Stripe": {"PayPerUse.Core", "Stripe.net"},
    "PayPerUse.Payconiq": {"PayPerUse.Core"},
    "PayPerUse.SignIn": {
        "PayPerUse.Core",
        "Microsoft.EntityFrameworkCore",
        "Microsoft.EntityFrameworkCore.Relational",
        "MailKit",
    },
}

problems = []


def expect(holds, problem):
    if not holds:
        problems.append(problem)


def text(nuspec, name):
    element = nuspec.find(f".//{{*}}metadata/{{*}}{name}")
    return "" if element is None else (element.text or "").strip()


def check(folder, package):
    found = sorted(p for p in folder.glob(f"{package}.*.nupkg"))
    if len(found) != 1:
        problems.append(f"{package}: expected one package, found {[p.name for p in found]}")
        return None

    with zipfile.ZipFile(found[0]) as archive:
        names = set(archive.namelist())
        nuspec = ElementTree.fromstring(archive.read(f"{package}.nuspec"))
        readme = archive.read("README.md").decode() if "README.md" in names else ""
        library = archive.read(f"lib/net10.0/{package}.dll") if f"lib/net10.0/{package}.dll" in names else b""

    version = text(nuspec, "version")
    expect(found[0].name == f"{package}.{version}.nupkg", f"{package}: {found[0].name} holds version {version}")
    for name in (f"lib/net10.0/{package}.dll", f"lib/net10.0/{package}.xml", "README.md"):
        expect(name in names, f"{package}: {name} is missing")
    stray = {n for n in names if n.startswith(("lib/", "content", "tools/", "build"))} - {
        f"lib/net10.0/{package}.dll",
        f"lib/net10.0/{package}.xml",
    }
    expect(not stray, f"{package}: unexpected files {sorted(stray)}")
    expect(text(nuspec, "license") == "MIT", f"{package}: the licence is not MIT")
    expect(text(nuspec, "readme") == "README.md", f"{package}: no readme")
    expect(len(text(nuspec, "description")) > 20, f"{package}: no description")
    expect(f"dotnet add package {package}" in readme, f"{package}: its readme does not say how to install it")
    expect(str(pathlib.Path.cwd()).encode() not in library, f"{package}: the builder's folder is in the library")

    dependencies = {d.get("id"): d.get("version") for d in nuspec.iterfind(".//{*}dependency")}
    expect(
        set(dependencies) == DEPENDENCIES[package],
        f"{package}: depends on {sorted(dependencies)}, expected {sorted(DEPENDENCIES[package])}",
    )
    for name, wanted in dependencies.items():
        expect(
            not name.startswith("PayPerUse.") or wanted == version,
            f"{package}: needs {name} {wanted}, not its own version {version}",
        )

    symbols = folder / f"{package}.{version}.snupkg"
    if symbols.exists():
        with zipfile.ZipFile(symbols) as archive:
            expect(f"lib/net10.0/{package}.pdb" in archive.namelist(), f"{package}: no symbols in {symbols.name}")
    else:
        problems.append(f"{package}: {symbols.name} is missing")
    return version


folder = pathlib.Path(sys.argv[1])
versions = {check(folder, package) for package in DEPENDENCIES}
expect(len(versions) == 1, f"the packages have different versions: {versions}")
extra = {p.name for p in folder.glob("*.nupkg")} - {f"{p}.{v}.nupkg" for p in DEPENDENCIES for v in versions}
expect(not extra, f"unexpected packages: {sorted(extra)}")

for problem in problems:
    print(problem, file=sys.stderr)
if problems:
    sys.exit(1)
print(f"five packages, version {versions.pop()}, hold what they should")
