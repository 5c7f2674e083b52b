"""One RecBole model on one division of data, at RecBole's defaults; prints one JSON line.

    recbole_peer.py MODEL DATA NAME OUT [--seed 2020] [--epochs N] [--set name=value]… [--no-stop]

DATA/NAME/NAME.{train,valid,test}.inter → RecBole's own loop (recbole.trainer: early stopping on MRR@10 of the validation part,
stopping_step 10, at most 300 epochs) → OUT.lists, `user item …` with the 20 best of each test user, training and validation
masked; for EASE and ADMMSLIM also OUT.matrix, float32 [items × items] in ascending order of item id.

Time is RecBole's: the model's constructor (where EASE, ADMMSLIM and ItemKNN do their work) and each training epoch, without
reading, validation or saving.
"""
import argparse
import json
import logging
import pathlib
import sys
import tempfile
import time
import types

import numpy as np

# RecBole 1.2.1 was written for NumPy < 1.24, where these were names of the builtin types, and imports two packages
# that only its tuning and its plots of the loss use.
np.float, np.int, np.bool, np.object, np.long = float, int, bool, object, int
np.unicode = str
board = types.ModuleType("torch.utils.tensorboard")
board.SummaryWriter = type("SummaryWriter", (), {"__init__": lambda s, *a, **k: None,
                                                 "add_scalar": lambda s, *a, **k: None,
                                                 "add_hparams": lambda s, *a, **k: None})
sys.modules["torch.utils.tensorboard"] = board

import scipy.sparse as sp
import torch

# SciPy took dok_matrix's _update away; LightGCN fills its graph with it.
if not hasattr(sp.dok_matrix, "_update") or sp.dok_matrix._update.__name__ != "fill":
    def fill(self, data):
        for key, value in data.items():
            dict.__setitem__(self._dict if hasattr(self, "_dict") else self, key, value)
    sp.dok_matrix._update = fill

# Since 2.6 torch.load refuses what is no tensor; the file is the one that this process has just written.
torch_load = torch.load
torch.load = lambda *a, **k: torch_load(*a, **{**k, "weights_only": False})

from recbole.config import Config
from recbole.data import create_dataset, data_preparation
from recbole.utils import get_model, get_trainer, init_seed

KEEP = 20


def options():
    p = argparse.ArgumentParser()
    p.add_argument("model")
    p.add_argument("data")
    p.add_argument("name")
    p.add_argument("out")
    p.add_argument("--seed", type=int, default=2020)
    p.add_argument("--epochs", type=int)
    p.add_argument("--set", action="append", default=[])
    p.add_argument("--no-stop", action="store_true")
    return p.parse_args()


def configure(o, folder):
    values = {"data_path": o.data, "checkpoint_dir": folder, "use_gpu": False, "seed": o.seed, "show_progress": False,
              "benchmark_filename": ["train", "valid", "test"], "topk": [10, 20], "metric_decimal_place": 7,
              "metrics": ["Recall", "MRR", "NDCG", "Hit", "Precision"]}
    if o.epochs:
        values["epochs"] = o.epochs
    if o.no_stop:
        values["eval_step"] = 0
    for text in o.set:
        name, value = text.split("=", 1)
        values[name] = float(value) if "." in value else int(value)
    sys.argv = sys.argv[:1]  # RecBole reads the command line by itself
    return Config(model=o.model, dataset=o.name, config_dict=values)


def write_lists(path, trainer, data, dataset):
    trainer.model.eval()
    with torch.no_grad(), open(path, "w") as out:
        trainer.tot_item_num = dataset.item_num
        for batch in data:
            interaction, scores, _, _ = trainer._full_sort_batch_eval(batch)
            best = torch.topk(scores, KEEP, dim=-1)[1].numpy()
            users = dataset.id2token(dataset.uid_field, interaction[dataset.uid_field].numpy())
            for user, row in zip(users, best):
                print(user, *dataset.id2token(dataset.iid_field, row), file=out)


def write_matrix(path, model, dataset):
    tokens = dataset.id2token(dataset.iid_field, np.arange(1, dataset.item_num)).astype(int)
    order = np.argsort(tokens) + 1
    np.asarray(model.item_similarity)[np.ix_(order, order)].astype("<f4").tofile(path)


def main():
    o = options()
    logging.disable(logging.CRITICAL)
    folder = tempfile.mkdtemp()
    config = configure(o, folder)
    init_seed(config["seed"], config["reproducibility"])
    dataset = create_dataset(config)
    train, valid, test = data_preparation(config, dataset)
    init_seed(config["seed"], config["reproducibility"])
    start = time.perf_counter()
    model = get_model(o.model)(config, train._dataset).to(config["device"])
    built = time.perf_counter() - start
    trainer = get_trainer(config["MODEL_TYPE"], o.model)(config, model)
    epochs, inner = [], trainer._train_epoch

    def timed(*a, **k):
        begin = time.perf_counter()
        result = inner(*a, **k)
        epochs.append(time.perf_counter() - begin)
        return result

    trainer._train_epoch = timed
    start = time.perf_counter()
    trainer.fit(train, None if o.no_stop else valid, verbose=False, show_progress=False)
    fitted = time.perf_counter() - start
    # The traditional models keep no parameters in their checkpoint worth loading (ADMMSLIM's has none of its matrix).
    traditional = o.model in ("EASE", "ADMMSLIM", "ItemKNN", "Pop")
    start = time.perf_counter()
    figures = trainer.evaluate(test, load_best_model=not (traditional or o.no_stop), show_progress=False)
    evaluated = time.perf_counter() - start
    write_lists(o.out + ".lists", trainer, test, dataset)
    if o.model in ("EASE", "ADMMSLIM"):
        write_matrix(o.out + ".matrix", model, dataset)
    kept = len(epochs) - trainer.cur_step if not o.no_stop else len(epochs)
    print(json.dumps({"model": o.model, "data": o.name, "seed": o.seed, "set": o.set, "build_seconds": round(built, 4),
                      "epochs": len(epochs), "best_epoch": kept, "epoch_seconds": round(float(np.median(epochs)), 4),
                      "train_seconds": round(built + sum(epochs), 4), "fit_seconds": round(fitted, 3),
                      "test_seconds": round(evaluated, 3), "reported": {k: float(v) for k, v in figures.items()}}))
    for file in pathlib.Path(folder).iterdir():
        file.unlink()
    pathlib.Path(folder).rmdir()


main()
