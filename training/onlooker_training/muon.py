"""Muon: momentum whose matrix is orthogonalised before the step (Jordan et al. 2024), for the
two-dimensional weights; AdamW for embeddings, tables, norms and biases."""

import torch
from torch import Tensor, nn


def orthogonalise(matrices: Tensor, steps: int = 5) -> Tensor:
    """The nearest semi-orthogonal matrices to [N, m, n], roughly: quintic Newton-Schulz in bf16
    with the published coefficients (singular values end between about 0.7 and 1.2)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = matrices.bfloat16()
    tall = x.shape[1] > x.shape[2]
    x = x.transpose(1, 2) if tall else x
    x = x / (x.float().norm(dim=(1, 2), keepdim=True).to(x.dtype) + 1e-7)
    for _ in range(steps):
        square = x @ x.transpose(1, 2)
        x = a * x + (b * square + c * square @ square) @ x
    return x.transpose(1, 2) if tall else x


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, orthogonalised; step scaled by sqrt(max(1, rows/columns))."""

    def __init__(self, params, lr: float = 0.02, momentum: float = 0.95, decay: float = 0.01):
        super().__init__(params, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            by_shape: dict[tuple[int, int], list] = {}
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p].setdefault("momentum", torch.zeros_like(p))
                state.lerp_(p.grad, 1 - group["momentum"])
                by_shape.setdefault(tuple(p.shape), []).append(
                    (p, p.grad.lerp(state, group["momentum"])))
            for shape, members in by_shape.items():
                updates = orthogonalise(torch.stack([g for _, g in members]))
                scale = max(1.0, shape[0] / shape[1]) ** 0.5
                for (p, _), update in zip(members, updates):
                    p.mul_(1 - group["lr"] * group["decay"])
                    p.add_(update.to(p.dtype), alpha=-group["lr"] * scale)


class Optimisers:
    """Muon for the decoder's matrices (attention apart from feed-forward, because attention may
    start wired), AdamW for the rest, one schedule for all."""

    def __init__(self, module: nn.Module, rates: dict[str, float]):
        """rates: learning rates of `attention`, `feed_forward` and `rest`."""
        parts: dict[str, list] = {"attention": [], "feed_forward": [], "rest": []}
        for name, p in module.named_parameters():
            kind = name.split(".")[-2]
            inner = p.ndim == 2 and ".layers." in f".{name}"
            part = ("attention" if kind in "qkvo" else "feed_forward") if inner else "rest"
            parts[part].append(p)
        self.all = list(module.parameters())
        self.optimisers = [Muon(parts[k], rates[k]) for k in ("attention", "feed_forward")]
        self.optimisers.append(torch.optim.AdamW(parts["rest"], rates["rest"], betas=(0.9, 0.98),
                                                 weight_decay=0.0))
        self.base = [o.param_groups[0]["lr"] for o in self.optimisers]

    def step(self, factor: float) -> None:
        """One step with the learning rates times `factor`; clears the gradients."""
        torch.nn.utils.clip_grad_norm_(self.all, 1.0)
        for optimiser, lr in zip(self.optimisers, self.base):
            optimiser.param_groups[0]["lr"] = lr * factor
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
