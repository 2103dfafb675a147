"""The machine code of a reader: its common path, and what is wrong with it.

The common path is what runs from a function's entry to its return when no conditional branch
is taken; the compiler knows which way is unlikely, and puts that out of line. On this path

- each instruction is one of a few that are known to be harmless: moves and plain arithmetic.
  So there is no atomic read-modify-write, no fence, no system call, and no call;
- a conditional branch leads off the path. So there is no loop, and no choice between two
  ways that are both common;
- a jump stays in the function.

What the branches lead to may do anything: it is the first section of a thread, or a nested
one.
"""

import dataclasses
import re
import subprocess


@dataclasses.dataclass(frozen=True)
class Architecture:
    harmless: frozenset  # mnemonics
    conditional: re.Pattern
    jump: str
    objdump: str


def _x86_64():
    sized = "add and cmp inc lea mov or sal shl shr sub test xor".split()
    return Architecture(
        harmless=frozenset(
            ["endbr64", "leave", "movslq", "movzbl", "nop", "nopl", "nopw", "pop", "push", "ret"]
            + [name + size for name in sized for size in ("", "b", "w", "l", "q")]
        ),
        conditional=re.compile(r"j(?!mp)\w+"),
        jump="jmp",
        objdump="objdump",
    )


def _aarch64():
    loads_and_stores = "ldp ldr ldrb ldur stp str strb stur"
    # Moves that are ordered after what their own processor did before (stlr), or before
    # what it does later (ldar).
    ordered = "ldapr ldar stlr"
    arithmetic = "add adr adrp and cmp eor lsl lsr mov orr sub tst ubfiz ubfx"
    return Architecture(
        harmless=frozenset(
            f"{loads_and_stores} {ordered} {arithmetic} bti mrs nop ret".split()
        ),
        conditional=re.compile(r"b\.\w+|cbn?z|tbn?z"),
        jump="b",
        objdump="aarch64-linux-gnu-objdump",
    )


ARCHITECTURES = {"aarch64": _aarch64(), "x86_64": _x86_64()}


@dataclasses.dataclass(frozen=True)
class Instruction:
    address: int
    text: str  # without comments
    symbol: str = ""  # that the linker will put in

    @property
    def mnemonic(self):
        return self.text.split()[0]

    @property
    def target(self):
        """The address that a branch within the function leads to, or None."""
        match = re.search(r"\b([0-9a-f]+) <", self.text)
        return int(match.group(1), 16) if match and not self.symbol else None

    def __str__(self):
        return f"{self.text} {self.symbol}".rstrip()


_FUNCTION = re.compile(r"[0-9a-f]+ <(?P<name>.+)>:")
_INSTRUCTION = re.compile(r"\s+(?P<address>[0-9a-f]+):\t(?P<text>.+)")
_RELOCATION = re.compile(r"\s+[0-9a-f]+: R_\w+\t(?P<symbol>.+?)(?:[-+]0x[0-9a-f]+)?")
_COMMENT = re.compile(r"\s+(# |//).*")  # But [x0, #8] is an operand.


def parse(disassembly):
    """The functions that `objdump -dr --no-show-raw-insn` prints: name -> instructions."""
    functions = {}
    instructions = []
    for line in disassembly.splitlines():
        if match := _FUNCTION.fullmatch(line):
            instructions = functions.setdefault(match["name"], [])
        elif match := _RELOCATION.fullmatch(line):
            instructions[-1] = dataclasses.replace(instructions[-1], symbol=match["symbol"])
        elif match := _INSTRUCTION.fullmatch(line):
            text = " ".join(_COMMENT.sub("", match["text"]).split())
            instructions.append(Instruction(int(match["address"], 16), text))
    return functions


def disassemble(path, architecture):
    command = [architecture.objdump, "-drC", "--no-show-raw-insn", path]
    return parse(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def common_path(instructions, architecture):
    """The instructions from entry to return; shorter where a jump leaves the function."""
    following = {
        before.address: after for before, after in zip(instructions, instructions[1:])
    }
    at = {instruction.address: instruction for instruction in instructions}
    path = []
    instruction = instructions[0]
    while instruction is not None and instruction not in path:
        path.append(instruction)
        if instruction.mnemonic == "ret":
            break
        if instruction.mnemonic == architecture.jump:
            instruction = at.get(instruction.target)
        else:
            instruction = following.get(instruction.address)
    return path


def branches(path, architecture):
    return [
        instruction
        for instruction in path
        if architecture.conditional.fullmatch(instruction.mnemonic)
    ]


def problems(path, architecture):
    """Yields what is wrong with a common path; see the head of this file."""
    on_path = {instruction.address for instruction in path}
    for instruction in path:
        if architecture.conditional.fullmatch(instruction.mnemonic):
            if instruction.target in on_path:
                yield f"a branch to what is common as well: {instruction}"
        elif instruction.mnemonic == architecture.jump:
            if instruction.target not in on_path:
                yield f"leaves the function: {instruction}"
        elif instruction.mnemonic not in architecture.harmless:
            yield f"not known to be harmless: {instruction}"
    if path[-1].mnemonic != "ret":
        yield f"does not return: {path[-1]}"
